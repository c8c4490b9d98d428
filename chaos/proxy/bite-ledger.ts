import type { Clock, FaultBite } from "../../core/index.ts";
import type { ToxicBite } from "./toxic-bite.ts";

/** How the counter of a toxic is to be read. */
export interface Counting {
  readonly knowsMessages: boolean;
  /** Why a count of no connections proves nothing; null where it proves that nothing was touched. */
  readonly blindness: string | null;
}

/** One thing that a toxic did. */
interface TouchedTraffic {
  readonly newConnections: number;
  readonly bytes: number;
  readonly messages: number;
}

interface Counter extends Pick<ToxicBite, "gaveUp" | "gaveUpWhy" | "firstAtMs" | "lastAtMs"> {
  readonly counting: Counting;
  readonly connections: number;
  readonly bytes: number;
  readonly messages: number;
}

/** So many counters of removed toxics are kept on a link. */
export const MAX_REMOVED_TOXICS = 200;

/**
 * Counts the traffic that a proxy's toxics affected. A counter outlives its toxic, so that it can be read
 * after the fault was removed; it starts again when a toxic of the same name is added, and a reset deletes
 * it.
 */
export class BiteLedger {
  readonly #proxy: string;
  readonly #clock: Clock;
  readonly #counters = new Map<string | null, { -readonly [K in keyof Counter]: Counter[K] }>();

  constructor(proxy: string, clock: Clock) {
    this.#proxy = proxy;
    this.#clock = clock;
  }

  /** Starts the counter of a toxic (null: of the proxy being disabled) at nothing. */
  open(toxic: string | null, counting: Counting): void {
    // At the end of the order, so that those of toxics that were removed long ago come first.
    this.#counters.delete(toxic);
    this.#counters.set(toxic, {
      counting,
      connections: 0,
      bytes: 0,
      messages: 0,
      gaveUp: 0,
      gaveUpWhy: null,
      firstAtMs: null,
      lastAtMs: null,
    });
  }

  /** Counts what was touched, and the connection when it is touched for the first time. */
  add(toxic: string | null, touched: TouchedTraffic): void {
    const counter = this.#counters.get(toxic);
    if (counter === undefined) return; // A reset came between: what it forgot stays forgotten.
    counter.connections += touched.newConnections;
    counter.bytes += touched.bytes;
    counter.messages += touched.messages;
    counter.lastAtMs = this.#clock.nowMs();
    counter.firstAtMs ??= counter.lastAtMs;
  }

  /** Counts a connection that the toxic could not parse. */
  giveUp(toxic: string, why: string): void {
    const counter = this.#counters.get(toxic);
    if (counter === undefined) return;
    counter.gaveUp += 1;
    counter.gaveUpWhy = why;
  }

  /** Forgets the oldest counters of toxics that are not there any more, beyond a number that is kept. */
  forgetOldest(isThere: (toxic: string) => boolean): void {
    const gone = [...this.#counters.keys()].filter((toxic) => toxic !== null && !isThere(toxic));
    for (const toxic of gone.slice(0, -MAX_REMOVED_TOXICS)) this.#counters.delete(toxic);
  }

  clear(): void {
    this.#counters.clear();
  }

  toBody(): ToxicBite[] {
    return [...this.#counters].map(([toxic, counter]) => {
      const { gaveUp, gaveUpWhy, firstAtMs, lastAtMs } = counter;
      return { proxy: this.#proxy, toxic, bite: biteOf(counter), gaveUp, gaveUpWhy, firstAtMs, lastAtMs };
    });
  }
}

function biteOf({ counting, connections, bytes, messages, gaveUp, gaveUpWhy }: Counter): FaultBite {
  if (connections === 0 && gaveUp > 0) {
    return { kind: "unknown", why: `${gaveUp} connections could not be parsed (${gaveUpWhy})` };
  }
  if (connections === 0 && counting.blindness !== null) return { kind: "unknown", why: counting.blindness };
  return { kind: "counted", connections, bytes, messages: counting.knowsMessages ? messages : null };
}
