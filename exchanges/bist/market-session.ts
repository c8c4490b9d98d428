/**
 * The phase of the equity market: orders are collected for one price (`opening-auction`, `closing-auction`),
 * traded continuously (`continuous`), traded only at the closing price (`trading-at-close`), or the market is
 * closed.
 */
export const PHASES = [
  "closed",
  "opening-auction",
  "continuous",
  "closing-auction",
  "trading-at-close",
] as const;
export type Phase = (typeof PHASES)[number];

const MINUTE_MS = 60_000;

/** A day of the equity market by Borsa Istanbul's hours: from 9:40 to 18:10. */
const DAY: readonly { readonly phase: Phase; readonly durationMs: number }[] = [
  { phase: "opening-auction", durationMs: 20 * MINUTE_MS },
  { phase: "continuous", durationMs: 480 * MINUTE_MS },
  { phase: "closing-auction", durationMs: 8 * MINUTE_MS },
  { phase: "trading-at-close", durationMs: 2 * MINUTE_MS },
];

/** The market's session. It begins in continuous trading and stays there until it is changed. */
export class MarketSession {
  readonly #listeners: ((phase: Phase) => void)[] = [];
  #phase: Phase = "continuous";
  #timer: NodeJS.Timeout | undefined;

  get phase(): Phase {
    return this.#phase;
  }

  /** Calls the listener at every change of phase. */
  onChange(listener: (phase: Phase) => void): void {
    this.#listeners.push(listener);
  }

  /** Goes to a phase and stays there. */
  go(phase: Phase): void {
    clearTimeout(this.#timer);
    this.#enter(phase);
  }

  /** Runs a trading day from its opening auction to its close, `timeScale` times faster than a real one. */
  play(timeScale: number): void {
    clearTimeout(this.#timer);
    this.#playFrom(0, timeScale);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #playFrom(index: number, timeScale: number): void {
    const part = DAY[index];
    this.#enter(part?.phase ?? "closed");
    if (part === undefined) return;
    this.#timer = setTimeout(() => this.#playFrom(index + 1, timeScale), part.durationMs / timeScale);
    this.#timer.unref();
  }

  #enter(phase: Phase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    for (const listener of this.#listeners) listener(phase);
  }
}
