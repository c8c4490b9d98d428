import type { Clock, Verdict } from "../../core/index.ts";
import { plannedStep, type ShowRecord, type StepRecord, verdictOfShow } from "./show-record.ts";
import type { ShowStep } from "./timeline.ts";

const MINUTE_MS = 60_000;

/** How a command ended. */
export interface CommandEnd {
  /** Null: a signal ended it. */
  readonly exitCode: number | null;
  /** The end of what it said. */
  readonly said: readonly string[];
}

/** What the run of show needs. */
export interface ShowOptions {
  readonly release: string;
  readonly target: string;
  readonly commander: string;
  readonly steps: readonly ShowStep[];
  /** When the canary gets its first traffic. */
  readonly zeroAtMs: number;
  readonly timeScale: number;
  /** Whether it goes on after a step that did not pass: a rehearsal does. */
  readonly goesOn: boolean;
  /** A step's command line as a person would type it. */
  readonly commandOf: (step: ShowStep) => string;
  /** Runs the command of a step to its end. */
  readonly run: (step: ShowStep, signal: AbortSignal) => Promise<CommandEnd>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called when a step begins and when it has ended. */
  readonly onStep: (record: StepRecord) => Promise<void>;
}

/**
 * Carries out the timeline of a release: waits for the time of each step, runs its command, and holds where one
 * that must pass does not. Each step has a verdict by its exit code, and one that was not begun is inconclusive.
 * What goes on beside the others, as the canary does, holds the show as soon as it has ended badly.
 *
 * It always returns what happened: an interruption is a reason to hold.
 */
export async function runShow(options: ShowOptions): Promise<ShowRecord> {
  const show = new Show(options);
  const held = await show.carryOut();
  const { release, target, commander, zeroAtMs, timeScale } = options;
  return {
    ...{ schema: "kanit.show/1", release, target, commander, timeScale, held },
    zeroAt: new Date(zeroAtMs).toISOString(),
    verdict: verdictOfShow(show.records),
    steps: show.records,
  };
}

/** A command that goes on while the next steps come. */
interface Beside {
  readonly step: ShowStep;
  readonly ended: Promise<void>;
  readonly isOver: () => boolean;
}

class Show {
  readonly #options: ShowOptions;
  readonly #stopping = new AbortController();
  readonly #records: StepRecord[];
  #beside: Beside | null = null;

  constructor(options: ShowOptions) {
    this.#options = options;
    this.#records = options.steps.map((step) =>
      plannedStep(step, options.commandOf(step), this.#plannedAtMs(step)),
    );
  }

  get records(): readonly StepRecord[] {
    return this.#records;
  }

  /** Returns why it was held; null where it came to its end. */
  async carryOut(): Promise<string | null> {
    try {
      for (const [index, step] of this.#options.steps.entries()) {
        const held = await this.#stepWhenDue(index, step);
        if (held !== null) return held;
      }
      await this.#beside?.ended;
      return null;
    } finally {
      // Nothing goes on when the show is over.
      this.#stopping.abort(new Error("The run of show is over."));
      await this.#beside?.ended;
    }
  }

  async #stepWhenDue(index: number, step: ShowStep): Promise<string | null> {
    const beside = this.#beside;
    if (beside !== null && typeof beside.step.end === "object" && beside.step.end.step === step.name) {
      await beside.ended;
    }
    await this.#untilDue(step);
    if (this.#options.signal.aborted) return `interrupted before ${step.name}`;
    const ended = this.#badEnding();
    if (ended !== null) return ended;
    if (typeof step.end === "object") {
      this.#beside = this.#startBeside(index, step);
      return null;
    }
    await this.#run(index, step);
    const { verdict } = this.#record(index);
    if (this.#options.signal.aborted) return `interrupted in ${step.name}`;
    const holds = step.end === "stops" && verdict !== "pass" && !this.#options.goesOn;
    return holds ? `${step.name}: ${verdict}` : null;
  }

  /** A canary that failed has rolled back: what comes after it has nothing to look at. */
  #badEnding(): string | null {
    if (this.#beside === null || !this.#beside.isOver() || this.#options.goesOn) return null;
    const index = this.#options.steps.indexOf(this.#beside.step);
    const { name, verdict } = this.#record(index);
    return verdict === "pass" ? null : `${name}: ${verdict}`;
  }

  async #untilDue(step: ShowStep): Promise<void> {
    const { clock, signal } = this.#options;
    const waiting = new AbortController();
    const either = AbortSignal.any([signal, waiting.signal]);
    void this.#beside?.ended.then(() => {
      if (this.#badEnding() !== null) waiting.abort(new Error("The step beside has ended."));
    });
    while (!either.aborted) {
      const leftMs = this.#plannedAtMs(step) - clock.nowMs();
      if (leftMs <= 0) return;
      await clock.sleep(Math.min(leftMs, MINUTE_MS), either).catch((error: unknown) => {
        if (!either.aborted) throw error;
      });
    }
  }

  #startBeside(index: number, step: ShowStep): Beside {
    let isOver = false;
    const ended = this.#run(index, step).then(() => {
      isOver = true;
    });
    return { step, ended, isOver: () => isOver };
  }

  async #run(index: number, step: ShowStep): Promise<void> {
    const { clock, run, onStep, signal } = this.#options;
    this.#change(index, { startedAt: new Date(clock.nowMs()).toISOString() });
    await onStep(this.#record(index));
    const { exitCode, said } = await run(step, AbortSignal.any([signal, this.#stopping.signal]));
    const endedAt = new Date(clock.nowMs()).toISOString();
    this.#change(index, { endedAt, exitCode, said, verdict: verdictOfExit(exitCode) });
    await onStep(this.#record(index));
  }

  #record(index: number): StepRecord {
    const record = this.#records[index];
    if (record === undefined) throw new TypeError(`Expected step ${index} to be there.`);
    return record;
  }

  #change(index: number, change: Partial<StepRecord>): void {
    this.#records[index] = { ...this.#record(index), ...change };
  }

  #plannedAtMs({ minute }: ShowStep): number {
    return this.#options.zeroAtMs + (minute * MINUTE_MS) / this.#options.timeScale;
  }
}

/** Only 0 is a pass and only 1 a fail; whatever else a command ends with says nothing about the release. */
function verdictOfExit(exitCode: number | null): Verdict {
  return exitCode === 0 ? "pass" : exitCode === 1 ? "fail" : "inconclusive";
}
