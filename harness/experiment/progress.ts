import { type Clock, formatDuration } from "../../core/index.ts";
import type { RunEvent } from "./run-event.ts";

/** How far an experiment has come, by its events. */
export class Progress {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #startedAtMs: number | null = null;
  #phase: string | null = null;
  #phaseSinceMs = 0;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  note(event: RunEvent): void {
    if (event.kind === "scenario.started") this.#startedAtMs = this.#clock.monotonicMs();
    if (event.kind !== "phase.started") return;
    this.#phase = event.phase;
    this.#phaseSinceMs = this.#clock.monotonicMs();
  }

  /** Why it has no result, when it was interrupted for this reason: how far it had come, if it had begun. */
  whenInterrupted(reason: string): string {
    const why = reason.replace(/\.$/, "");
    if (this.#startedAtMs === null) return `not begun: ${why}`;
    const after = (sinceMs: number) => formatDuration(Math.max(0, this.#clock.monotonicMs() - sinceMs));
    const begun = `broken off ${after(this.#startedAtMs)} after it began`;
    const where =
      this.#phase === null ? "before its load" : `${after(this.#phaseSinceMs)} into ${this.#phase}`;
    return `${begun}, ${where}: ${why}`;
  }
}
