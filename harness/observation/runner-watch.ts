import type { Clock } from "../../core/index.ts";
import type { Lab } from "../../lab/index.ts";

const INTERVAL_MS = 100;
/** The processes of the lab are read rarely, since that takes the runner some milliseconds. */
const LOOKS_PER_READING = 10;
/**
 * A runner on a busy machine is late by some hundred milliseconds, which the checks tolerate. In a whole
 * second it misses four samples of everything, and possibly a trigger or a recovery.
 */
const GAP_FROM_MS = 1_000;
/** Clocks that are slewed deviate by less than a thousandth. */
const STEP_FROM_MS = 500;

/** A period in which the runner or its lab stood still, or a jump of the runner's clock. */
export type RunnerGap =
  | { readonly kind: "stood-still"; readonly durationMs: number }
  /** How far its time of day moved ahead of, or behind, the time that had passed. */
  | { readonly kind: "clock-stepped"; readonly byMs: number }
  /** Somebody stopped a process of the lab, which no fault of the experiment did. */
  | { readonly kind: "process-stopped"; readonly process: string; readonly durationMs: number };

type WatchedPowers = Pick<Lab["powers"], "stopReading">;

/** A process that stands still, by the clock that counts monotonically. */
interface Standstill {
  readonly process: string;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/**
 * Watches the runner itself by its own clocks, and whether somebody stops a process of its lab: while the runner was
 * stopped, or its machine asleep, it measured nothing and acted late, and what a lab that stood still did not answer
 * is no failure of the platform.
 */
export class RunnerWatch implements Disposable {
  readonly #clock: Pick<Clock, "nowMs" | "monotonicMs">;
  readonly #timer: NodeJS.Timeout;
  readonly #gaps: RunnerGap[] = [];
  readonly #powers: WatchedPowers;
  readonly #standstills = new Map<string, Standstill>();
  #reading: Promise<void> | null = null;
  #looks = 0;
  #monotonicMs: number;
  #wallMs: number;

  constructor(clock: Pick<Clock, "nowMs" | "monotonicMs">, powers: WatchedPowers) {
    this.#clock = clock;
    this.#powers = powers;
    this.#monotonicMs = clock.monotonicMs();
    this.#wallMs = clock.nowMs();
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS);
  }

  /** The gaps since the start. */
  gaps(): readonly RunnerGap[] {
    this.#look();
    return [...this.#gaps, ...[...this.#standstills.values()].flatMap(gapOf)];
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
    if (this.#looks % LOOKS_PER_READING === 0) this.#reading ??= this.#readStopped();
  }

  async #readStopped(): Promise<void> {
    try {
      // Of processes that cannot be read nothing is claimed.
      const stopped = (await this.#powers.stopReading?.readStopped().catch(() => [])) ?? [];
      const untilMs = this.#clock.monotonicMs();
      for (const process of stopped) {
        const sinceMs = this.#standstills.get(process)?.sinceMs ?? untilMs;
        this.#standstills.set(process, { process, sinceMs, untilMs });
      }
      for (const [process, standstill] of this.#standstills) {
        if (stopped.includes(process)) continue;
        this.#standstills.delete(process);
        this.#gaps.push(...gapOf(standstill));
      }
    } finally {
      this.#reading = null;
    }
  }
}

/** Seen once, it may be a moment's: a debugger that attaches. */
function gapOf({ process, sinceMs, untilMs }: Standstill): readonly RunnerGap[] {
  return untilMs > sinceMs ? [{ kind: "process-stopped", process, durationMs: untilMs - sinceMs }] : [];
}

/** Describes gaps for a reader: `the runner itself did not run for 8.0 s`; null without any. */
export function describeGaps(gaps: readonly RunnerGap[]): string | null {
  const stillMs = gaps.reduce((sum, gap) => sum + (gap.kind === "stood-still" ? gap.durationMs : 0), 0);
  const steps = gaps.flatMap((gap) =>
    gap.kind === "clock-stepped"
      ? [`its clock was set ${gap.byMs < 0 ? "back" : "forward"} by ${seconds(Math.abs(gap.byMs))}`]
      : [],
  );
  const stops = gaps.flatMap((gap) =>
    gap.kind === "process-stopped"
      ? [`somebody stopped the lab's process ${gap.process} for at least ${seconds(gap.durationMs)}`]
      : [],
  );
  const parts = [
    ...(stillMs > 0 ? [`the runner itself did not run for ${seconds(stillMs)}`] : []),
    ...steps,
    ...stops,
  ];
  return parts.length === 0 ? null : parts.join(", and ");
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}
