import type { Clock, FaultBite } from "../../core/index.ts";
import type { ToxicBite } from "./toxic-bite.ts";

/** What the counter of a toxic means. */
export interface Counting {
  readonly countsMessages: boolean;
  /** Why a count of zero connections proves nothing; null when it proves that nothing was affected. */
  readonly blindness: string | null;
}

/** One action of a toxic. */
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

/** The number of counters of removed toxics that are kept per link. */
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

  /** Starts the counter of a toxic (null: of the proxy being disabled) at zero. */
  open(toxic: string | null, counting: Counting): void {
    // Inserted at the end, so that the counters of long removed toxics come first.
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

  /** Counts what was affected, and the connection when it is affected for the first time. */
  add(toxic: string | null, touched: TouchedTraffic): void {
    const counter = this.#counters.get(toxic);
    if (counter === undefined) return; // A reset came in between; the counters that it deleted stay deleted.
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

  /** Deletes the oldest counters of removed toxics beyond the number that is kept. */
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
  return { kind: "counted", connections, bytes, messages: counting.countsMessages ? messages : null };
}
