import { type Clock, formatDuration } from "../../core/index.ts";
import type { RunEvent } from "./run-event.ts";

/** How far an experiment has come, by its events. */
export class Progress {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #isBegun = false;
  #phase: { readonly name: string; readonly sinceMs: number } | null = null;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  note(event: RunEvent): void {
    if (event.kind === "scenario.started") this.#isBegun = true;
    if (event.kind === "phase.started")
      this.#phase = { name: event.phase, sinceMs: this.#clock.monotonicMs() };
  }

  /** Why it has no result, when it was interrupted for this reason: how far it had come, if it had begun. */
  whenInterrupted(reason: string): string {
    return `${this.#isBegun ? `broken off ${this.#where()}` : "not begun"}: ${reason.replace(/\.$/, "")}`;
  }

  #where(): string {
    if (this.#phase === null) return "before its load";
    const { name, sinceMs } = this.#phase;
    return `${formatDuration(this.#clock.monotonicMs() - sinceMs)} into ${name}`;
  }
}
