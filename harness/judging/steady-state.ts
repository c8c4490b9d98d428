import type { Clock } from "../../core/index.ts";
import { type LoadTick, type Operation, type OperationSummary, summarize } from "../../load/index.ts";

/**
 * The definition of a healthy platform, as clients see it. The limits are the release's own objectives: P95
 * below 200 ms and at most 1 % errors; a feed older than two seconds has missed several of its updates.
 */
export const STEADY_STATE = {
  latencyMsP95: 200,
  errorRatio: 0.01,
  stalenessMs: 2_000,
  /** How long it must hold without interruption. */
  windowMs: 1_500,
  /** With fewer operations in the window nothing is concluded. */
  minOperations: 20,
} as const;

/** A window compared with the steady state. */
export type SteadyFinding =
  | { readonly kind: "holds" }
  | { readonly kind: "broken"; readonly why: string }
  | { readonly kind: "too-few"; readonly operations: number };

/** Judges the operations planned in a window. */
export function judgeWindow(summary: OperationSummary): SteadyFinding {
  if (summary.operations < STEADY_STATE.minOperations)
    return { kind: "too-few", operations: summary.operations };
  const { errorRatio, latencyMs } = summary;
  if (errorRatio === null || latencyMs.p95 === null) return { kind: "too-few", operations: 0 };
  if (errorRatio > STEADY_STATE.errorRatio) {
    return {
      kind: "broken",
      why: `${percent(errorRatio)} errors`,
    };
  }
  if (latencyMs.p95 > STEADY_STATE.latencyMsP95) {
    return {
      kind: "broken",
      why: `P95 ${latencyMs.p95.toFixed(0)} ms`,
    };
  }
  return { kind: "holds" };
}

const STEP_MS = 50;
const POLL_MS = 50;

/**
 * When the steady state first held for a whole window, from `fromMs` on. Returns the start of that window, so
 * that the length of the window does not count as time to recover; null when there was none before `toMs`.
 */
export function firstSteadyMs(operations: readonly Operation[], fromMs: number, toMs: number): number | null {
  for (let startMs = fromMs; startMs + STEADY_STATE.windowMs <= toMs; startMs += STEP_MS) {
    const summary = summarize(operations, startMs, startMs + STEADY_STATE.windowMs);
    if (judgeWindow(summary).kind === "holds") return startMs;
  }
  return null;
}

/**
 * Follows the ticks of a running load and decides whether its latest window looks steady. This only decides
 * when the next phase begins; the verdict is based on the whole history.
 */
export class SteadyWatch {
  readonly #ticks: LoadTick[] = [];

  /** Discards the ticks so far, because a fault was injected or healed. */
  restart(): void {
    this.#ticks.length = 0;
  }

  add(tick: LoadTick): void {
    this.#ticks.push(tick);
    while (this.#spanMs() > STEADY_STATE.windowMs) this.#ticks.shift();
  }

  looksSteady(): boolean {
    const completed = sum(this.#ticks.map((tick) => tick.completed));
    if (this.#spanMs() < STEADY_STATE.windowMs * 0.8 || completed < STEADY_STATE.minOperations) return false;
    const errors = sum(this.#ticks.map((tick) => tick.failed + tick.unknown));
    const slow = this.#ticks.filter((tick) => (tick.latencyMs.p95 ?? 0) > STEADY_STATE.latencyMsP95);
    return errors / completed <= STEADY_STATE.errorRatio && slow.length === 0;
  }

  /** Waits until it looks steady, for `limitMs` at most, and returns whether it does. */
  async untilSteady(limitMs: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
    const deadlineMs = clock.monotonicMs() + limitMs;
    while (!this.looksSteady() && clock.monotonicMs() < deadlineMs) await clock.sleep(POLL_MS, signal);
    return this.looksSteady();
  }

  #spanMs(): number {
    const [first] = this.#ticks;
    const last = this.#ticks.at(-1);
    return first === undefined || last === undefined ? 0 : last.atMs - first.atMs;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
