import type { Clock } from "../../core/index.ts";

const INTERVAL_MS = 100;
/**
 * A runner on a busy machine is late by some hundred milliseconds, which the checks tolerate. In a whole
 * second it misses four samples of everything, and possibly a trigger or a recovery.
 */
const GAP_FROM_MS = 1_000;
/** Clocks that are slewed deviate by less than a thousandth. */
const STEP_FROM_MS = 500;

/** A period in which the runner could not observe or do anything, or a jump of its clock. */
export type RunnerGap =
  | { readonly kind: "stood-still"; readonly durationMs: number }
  /** How far its time of day moved ahead of, or behind, the time that had passed. */
  | { readonly kind: "clock-stepped"; readonly byMs: number };

/**
 * Watches the runner itself by its own clocks: while it was stopped, or its machine asleep, it
 * measured nothing and acted late.
 */
export class RunnerWatch implements Disposable {
  readonly #clock: Pick<Clock, "nowMs" | "monotonicMs">;
  readonly #timer: NodeJS.Timeout;
  readonly #gaps: RunnerGap[] = [];
  #looks = 0;
  #monotonicMs: number;
  #wallMs: number;

  constructor(clock: Pick<Clock, "nowMs" | "monotonicMs">) {
    this.#clock = clock;
    this.#monotonicMs = clock.monotonicMs();
    this.#wallMs = clock.nowMs();
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS);
  }

  /** The gaps since the start. */
  gaps(): readonly RunnerGap[] {
    this.#look();
    return [...this.#gaps];
  }

  /** How often it has checked. */
  get looks(): number {
    return this.#looks;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    this.#looks++;
    const monotonicMs = this.#clock.monotonicMs();
    const wallMs = this.#clock.nowMs();
    const passedMs = monotonicMs - this.#monotonicMs;
    const steppedByMs = wallMs - this.#wallMs - passedMs;
    this.#monotonicMs = monotonicMs;
    this.#wallMs = wallMs;
    const durationMs = passedMs - INTERVAL_MS;
    if (durationMs >= GAP_FROM_MS) this.#gaps.push({ kind: "stood-still", durationMs });
    if (Math.abs(steppedByMs) >= STEP_FROM_MS) this.#gaps.push({ kind: "clock-stepped", byMs: steppedByMs });
  }
}

/** Describes gaps for a reader: `the runner itself did not run for 8.0 s`; null without any. */
export function describeGaps(gaps: readonly RunnerGap[]): string | null {
  const stillMs = gaps.reduce((sum, gap) => sum + (gap.kind === "stood-still" ? gap.durationMs : 0), 0);
  const steps = gaps.flatMap((gap) =>
    gap.kind === "clock-stepped"
      ? [`its clock was set ${gap.byMs < 0 ? "back" : "forward"} by ${seconds(Math.abs(gap.byMs))}`]
      : [],
  );
  const parts = [...(stillMs > 0 ? [`the runner itself did not run for ${seconds(stillMs)}`] : []), ...steps];
  return parts.length === 0 ? null : parts.join(", and ");
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}
