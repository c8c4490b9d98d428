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
  /** Milliseconds since the Unix epoch, null as long as nothing was affected. */
  readonly firstAtMs: number | null;
  readonly lastAtMs: number | null;
}

interface Counter {
  connections: number;
  bytes: number;
  firstAtMs: number | null;
  lastAtMs: number | null;
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
    this.#counters.set(toxic, { connections: 0, bytes: 0, firstAtMs: null, lastAtMs: null });
  }

  /** Counts bytes that were affected, and the connection when it is touched for the first time. */
  add(toxic: string | null, bite: { readonly newConnections: number; readonly bytes: number }): void {
    const counter = this.#counters.get(toxic);
    if (counter === undefined) return; // A reset came between: what it forgot stays forgotten.
    counter.connections += bite.newConnections;
    counter.bytes += bite.bytes;
    counter.lastAtMs = this.#clock.nowMs();
    counter.firstAtMs ??= counter.lastAtMs;
  }

  clear(): void {
    this.#counters.clear();
  }

  records(): BiteRecord[] {
    return [...this.#counters].map(([toxic, counter]) => ({ proxy: this.#proxy, toxic, ...counter }));
  }
}
