import type { Clock } from "../../core/index.ts";

/** What one toxic (or the disabling of a proxy) really did to traffic, as `GET /kanit/bites` tells it. */
export interface BiteRecord {
  readonly proxy: string;
  /** The toxic's name; null for the proxy itself being disabled. */
  readonly toxic: string | null;
  /** Connections affected at least once. */
  readonly connections: number;
  /** Bytes delayed, held, cut apart or dropped. */
  readonly bytes: number;
  /** Messages affected, by a toxic that knows messages. */
  readonly messages: number;
  /** Connections that such a toxic could not parse, so that they are plain pipes to it. */
  readonly gaveUp: number;
  /** Why it gave up the last of them; null when there is none. */
  readonly gaveUpWhy: string | null;
  /** Milliseconds since the Unix epoch, null as long as nothing was affected. */
  readonly firstAtMs: number | null;
  readonly lastAtMs: number | null;
}

type Counter = { -readonly [K in Exclude<keyof BiteRecord, "proxy" | "toxic">]: BiteRecord[K] };

/** One thing that a toxic did. */
export interface Bite {
  readonly newConnections: number;
  readonly bytes: number;
  readonly messages: number;
}

/**
 * Counts what a proxy's toxics did, live. A counter outlives its toxic, so that the proof can be read after
 * the fault healed; it starts again when a toxic of the same name is added, and is gone after a reset.
 */
export class BiteLedger {
  readonly #proxy: string;
  readonly #clock: Clock;
  readonly #counters = new Map<string | null, Counter>();

  constructor(proxy: string, clock: Clock) {
    this.#proxy = proxy;
    this.#clock = clock;
  }

  /** Starts the counter of a toxic (null: of the proxy being disabled) at nothing. */
  open(toxic: string | null): void {
    this.#counters.set(toxic, {
      connections: 0,
      bytes: 0,
      messages: 0,
      gaveUp: 0,
      gaveUpWhy: null,
      firstAtMs: null,
      lastAtMs: null,
    });
  }

  /** Counts what was affected, and the connection when it is touched for the first time. */
  add(toxic: string | null, bite: Bite): void {
    const counter = this.#counters.get(toxic);
    if (counter === undefined) return; // A reset came between: what it forgot stays forgotten.
    counter.connections += bite.newConnections;
    counter.bytes += bite.bytes;
    counter.messages += bite.messages;
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

  clear(): void {
    this.#counters.clear();
  }

  records(): BiteRecord[] {
    return [...this.#counters].map(([toxic, counter]) => ({ proxy: this.#proxy, toxic, ...counter }));
  }
}
