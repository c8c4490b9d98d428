import { type Clock, formatDuration, UsageError } from "../core/index.ts";
import type { ActiveAlert } from "./alerting/alert-state.ts";
import { compressEngine, compressGroup, shortestRangeMs } from "./alerting/compress-rule.ts";
import type { AlertingRule, RuleGroup } from "./alerting/rule.ts";
import { RuleGroupEvaluator, type RuleOutcome } from "./alerting/rule-group-evaluator.ts";
import { DEFAULT_ENGINE } from "./promql/engine-options.ts";
import type { SampleStore } from "./sample-store.ts";

/**
 * The state of a trigger at a time. `no-data`: its expression found no sample at all or could not be
 * evaluated, so that no alert proves nothing; otherwise the worst state of its alerts.
 */
export type TriggerState = "no-data" | "inactive" | "pending" | "firing";

/** One change of a trigger's state. */
export interface TriggerChange {
  readonly atMs: number;
  readonly state: TriggerState;
  /** The value of the worst alert; undefined without one. */
  readonly value: number | undefined;
}

/** The record of one trigger since the watch began. */
export interface TriggerRecord {
  readonly name: string;
  /** The rule as written, uncompressed. */
  readonly rule: AlertingRule;
  readonly state: TriggerState;
  readonly history: readonly TriggerChange[];
  /** When it fired first. */
  readonly firedAtMs: number | undefined;
  /** When its condition first became true. */
  readonly pendingAtMs: number | undefined;
  readonly alerts: readonly ActiveAlert[];
  readonly evaluations: number;
  /** How many evaluations found data, or an alert that waits for the absence of data. */
  readonly evaluationsWithData: number;
  readonly failures: readonly { readonly atMs: number; readonly error: unknown }[];
}

export interface TriggerWatchOptions {
  readonly groups: readonly RuleGroup[];
  /** The store that the rules read; ages in it are already scaled (AgeScalingSink). */
  readonly store: SampleStore;
  readonly clock: Clock;
  /** How many seconds of production one second here represents; 1 by default. */
  readonly timeScale?: number;
  /** The interval of evaluations; 250 ms by default. */
  readonly tickMs?: number;
  /**
   * The interval of the store's samples, to check that the compressed ranges hold at least two; 250 ms by
   * default.
   */
  readonly scrapeIntervalMs?: number;
}

const DEFAULT_TICK_MS = 250;
const MAX_FAILURES_KEPT = 20;
/** `rate` needs two samples in its range. */
const MIN_SAMPLES_IN_RANGE = 2;

/** Evaluates rules at every tick, time-compressed, and records each trigger's states. */
export class TriggerWatch implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #evaluators: readonly RuleGroupEvaluator[];
  readonly #records: readonly (readonly (MutableRecord | undefined)[])[];
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  /** @throws UsageError `bad-time-scale` when a rule's ranges would hold fewer than two samples. */
  constructor(options: TriggerWatchOptions) {
    const {
      groups,
      store,
      clock,
      timeScale = 1,
      tickMs = DEFAULT_TICK_MS,
      scrapeIntervalMs = tickMs,
    } = options;
    this.#clock = clock;
    this.#tickMs = tickMs;
    const engine = compressEngine(DEFAULT_ENGINE, timeScale);
    this.#evaluators = groups.map((group) => {
      for (const rule of group.rules) checkRanges(rule, timeScale, scrapeIntervalMs);
      return new RuleGroupEvaluator(compressGroup(group, timeScale), store, engine);
    });
    this.#records = groups.map((group) =>
      group.rules.map((rule) => (rule.kind === "alert" ? newRecord(rule) : undefined)),
    );
  }

  /** Starts evaluating immediately. */
  start(): this {
    this.#loop ??= this.#run();
    return this;
  }

  /** Evaluates every rule once at a time. */
  tick(atMs: number = this.#clock.nowMs()): void {
    this.#evaluators.forEach((evaluator, group) => {
      evaluator.evaluate(atMs).forEach((outcome, index) => {
        const record = this.#records[group]?.[index];
        if (record !== undefined) note(record, outcome, atMs);
      });
    });
  }

  /** The records of all triggers so far, in the order of the rules. */
  triggers(): readonly TriggerRecord[] {
    return this.#records.flat().filter((record) => record !== undefined);
  }

  /** The record of one trigger so far. */
  trigger(name: string): TriggerRecord | undefined {
    return this.triggers().find((record) => record.name === name);
  }

  /** Stops evaluating. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error("The trigger watch was stopped."));
    await this.#loop;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const beganMs = this.#clock.monotonicMs();
    for (let tick = 0; !signal.aborted; ) {
      this.tick();
      tick = Math.max(tick + 1, Math.ceil((this.#clock.monotonicMs() - beganMs) / this.#tickMs));
      const waitMs = Math.max(0, beganMs + tick * this.#tickMs - this.#clock.monotonicMs());
      try {
        await this.#clock.sleep(waitMs, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }
}

type MutableRecord = { -readonly [Key in keyof TriggerRecord]: TriggerRecord[Key] };

function newRecord(rule: AlertingRule): MutableRecord {
  return {
    name: rule.name,
    rule,
    state: "no-data",
    history: [],
    firedAtMs: undefined,
    pendingAtMs: undefined,
    alerts: [],
    evaluations: 0,
    evaluationsWithData: 0,
    failures: [],
  };
}

function note(record: MutableRecord, outcome: RuleOutcome, atMs: number): void {
  record.evaluations++;
  if (outcome.kind === "failed") {
    record.failures = [...record.failures, { atMs, error: outcome.error }].slice(-MAX_FAILURES_KEPT);
  }
  record.alerts = outcome.kind === "judged" ? outcome.alerts : [];
  const firing = record.alerts.find((alert) => alert.state === "firing");
  const worst = firing ?? record.alerts[0];
  const hasData = outcome.kind === "judged" && outcome.hasData;
  const state = worst?.state ?? (hasData ? "inactive" : "no-data");
  if (state !== "no-data") record.evaluationsWithData++;
  if (worst !== undefined) record.pendingAtMs ??= atMs;
  if (state === "firing") record.firedAtMs ??= atMs;
  if (record.history.length > 0 && state === record.state) return;
  record.state = state;
  record.history = [...record.history, { atMs, state, value: worst?.value }];
}

function checkRanges(rule: RuleGroup["rules"][number], timeScale: number, scrapeIntervalMs: number): void {
  const shortestMs = shortestRangeMs(rule.expr);
  const neededMs = MIN_SAMPLES_IN_RANGE * scrapeIntervalMs;
  if (shortestMs === undefined || shortestMs / timeScale >= neededMs) return;
  throw new UsageError({
    code: "bad-time-scale",
    message:
      `Expected the shortest range of ${rule.name} (${formatDuration(shortestMs)}) to last at least ` +
      `${formatDuration(neededMs)} when compressed, got ${formatDuration(shortestMs / timeScale)} at scale ${timeScale}.`,
    nextStep: `Use a time scale of at most ${Math.floor(shortestMs / neededMs)}.`,
  });
}
