import type { PhaseRecord } from "../../evidence/index.ts";

export type PhaseName = PhaseRecord["name"];

/** The actual phases of a scenario, on its time axis. */
export class PhaseLog {
  readonly #now: () => number;
  readonly #listener: (phase: PhaseName, atMs: number) => void;
  readonly #phases: PhaseRecord[] = [];

  /** `now` returns milliseconds since the scenario's start. */
  constructor(now: () => number, listener: (phase: PhaseName, atMs: number) => void) {
    this.#now = now;
    this.#listener = listener;
  }

  /** Runs a phase; it is recorded from its start to its end, even when it throws. */
  async run<T>(name: PhaseName, phase: () => Promise<T>): Promise<T> {
    const startMs = this.#now();
    this.#listener(name, startMs);
    try {
      return await phase();
    } finally {
      this.#phases.push({ name, startMs, endMs: this.#now() });
    }
  }

  records(): readonly PhaseRecord[] {
    return [...this.#phases];
  }
}
