import type { Clock, Verdict } from "../../core/index.ts";
import type { PhaseRecord, SampleTable, TriggerRecord } from "../../evidence/index.ts";
import type { LabAddresses, PlatformDefinition } from "../../lab/index.ts";
import type { Operation } from "../../load/index.ts";
import {
  AgeScalingSink,
  metricsSource,
  pgbouncerSource,
  queryNumber,
  type RuleGroup,
  SampleStore,
  Scraper,
  type SourceHealth,
  TriggerWatch,
  type TriggerRecord as WatchedTrigger,
} from "../../signals/index.ts";
import { FEED_NAMES } from "../../venues/index.ts";
import type { Occurrence } from "../experiment/condition.ts";
import type { Expectation } from "../experiment/scenario.ts";
import { type HealthProbe, healthProbe } from "./probes/health-probe.ts";
import { sampleTable } from "./sample-table.ts";

const INTERVAL_MS = 250;
const AT_REST_COLLECTIONS = 5;
/** Out of step with housekeeping that comes every tenth of a second. */
const AT_REST_PAUSE_MS = 37;
/** Rarer than the rest: the platform counts these requests among those of its clients. */
const HEALTH_INTERVAL_MS = 500;

export interface MeasurementOptions {
  readonly addresses: LabAddresses;
  readonly platform: Pick<PlatformDefinition, "health">;
  readonly rules: readonly RuleGroup[];
  readonly timeScale: number;
  readonly clock: Clock;
  /** The scenario's start on the epoch clock: its time axis begins there. */
  readonly startedAtEpochMs: number;
}

/**
 * What is measured past the clients: the platform's metrics and health, pgBouncer's pools, and what the triggers say to them.
 * Samples are kept twice: as scraped, for the report, and with ages scaled, for the triggers.
 */
export class Measurement implements AsyncDisposable {
  readonly #startedAtEpochMs: number;
  readonly #clock: Clock;
  readonly #raw = new SampleStore();
  readonly #scraper: Scraper;
  readonly #health: HealthProbe;
  readonly #healthScraper: Scraper;
  readonly #watch: TriggerWatch;
  #stopped: Promise<void> | null = null;

  private constructor(options: MeasurementOptions) {
    const { addresses, clock, timeScale, rules } = options;
    const scaled = new SampleStore();
    this.#clock = clock;
    this.#startedAtEpochMs = options.startedAtEpochMs;
    this.#scraper = new Scraper({
      sources: [
        metricsSource({ name: "platform", url: addresses.metrics }),
        pgbouncerSource({ name: "pgbouncer", connectionString: addresses.poolerAdminUrl }),
      ],
      sinks: [this.#raw, new AgeScalingSink(scaled, timeScale)],
      clock,
      intervalMs: INTERVAL_MS,
    });
    this.#health = healthProbe(`${addresses.platform}${options.platform.health}`);
    this.#healthScraper = new Scraper({
      sources: [this.#health],
      sinks: [this.#raw],
      clock,
      intervalMs: HEALTH_INTERVAL_MS,
    });
    this.#watch = new TriggerWatch({ groups: rules, store: scaled, clock, timeScale, tickMs: INTERVAL_MS });
  }

  /** Begins to measure at once. */
  static start(options: MeasurementOptions): Measurement {
    const measurement = new Measurement(options);
    measurement.#scraper.start();
    measurement.#healthScraper.start();
    measurement.#watch.start();
    return measurement;
  }

  /**
   * Measures a few times more, when nobody asks for anything: all that happened is counted then, and what the platform
   * still holds is what it does not give back. More than once, since its own housekeeping goes on.
   */
  async collectAtRest(): Promise<void> {
    for (let count = 0; count < AT_REST_COLLECTIONS; count++) {
      await this.#scraper.collectOnce();
      await this.#clock.sleep(AT_REST_PAUSE_MS);
    }
  }

  /** How many requests the measuring itself sent to the platform's API. */
  get requests(): number {
    return this.#health.requests;
  }

  async stop(): Promise<void> {
    this.#stopped ??= Promise.all([
      this.#scraper.stop(),
      this.#healthScraper.stop(),
      this.#watch.stop(),
    ]).then(() => undefined);
    await this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** How well each source could be read. */
  sources(): readonly SourceHealth[] {
    return this.#scraper.health();
  }

  /** The states of the triggers now, for a live view. */
  triggerStates(): readonly { readonly name: string; readonly state: string }[] {
    return this.#watch.triggers().map(({ name, state }) => ({ name, state }));
  }

  /** The value of a query at a moment of the scenario; null where there is none. */
  query(expression: string, atMs: number): number | null {
    return queryNumber(this.#raw, expression, this.#startedAtEpochMs + atMs) ?? null;
  }

  /** How often something happened in the scenario, as counted at `atMs`; null without data. */
  occurrence(occurrence: Occurrence, atMs: number): number | null {
    return this.query(occurrence.expression, atMs);
  }

  /** Each feed's ages within a phase, in seconds; a feed without a single sample is left out. */
  staleness(phase: PhaseRecord | null): ReadonlyMap<string, readonly number[]> {
    const ages = new Map<string, readonly number[]>();
    if (phase === null) return ages;
    for (const feed of FEED_NAMES) {
      const values: number[] = [];
      for (let atMs = phase.startMs; atMs <= phase.endMs; atMs += INTERVAL_MS) {
        const age = this.query(`max(feed_staleness_seconds{feed="${feed}"})`, atMs);
        if (age !== null) values.push(age);
      }
      if (values.length > 0) ages.set(feed, values);
    }
    return ages;
  }

  sampleTable(operations: readonly Operation[], endMs: number): SampleTable {
    return sampleTable(operations, endMs, (expression, atMs) => this.query(expression, atMs));
  }

  /** What each trigger did, compared with what was expected of it. */
  triggerRecords(expectation: Expectation, firstFaultAtMs: number | null): readonly TriggerRecord[] {
    return this.#watch
      .triggers()
      .map((trigger) => recordOf(trigger, expectation, this.#startedAtEpochMs, firstFaultAtMs));
  }
}

function recordOf(
  trigger: WatchedTrigger,
  expectation: Expectation,
  startedAtEpochMs: number,
  firstFaultAtMs: number | null,
): TriggerRecord {
  const { name, rule, history, firedAtMs } = trigger;
  const firedAt = firedAtMs === undefined ? null : Math.max(0, firedAtMs - startedAtEpochMs);
  const after =
    firedAt === null || firstFaultAtMs === null || firedAt < firstFaultAtMs ? null : firedAt - firstFaultAtMs;
  const expected = expectedOf(name, expectation);
  return {
    name,
    severity: rule.labels.severity?.text ?? "none",
    expression: rule.text.trim(),
    summary: rule.annotations.description?.text ?? rule.annotations.summary?.text ?? "",
    expected,
    verdict: verdictOf(trigger, expected, after),
    history: history.map(({ atMs, state, value }) => ({
      atMs: Math.max(0, atMs - startedAtEpochMs),
      state,
      value: value ?? null,
    })),
    firedAtMs: firedAt,
    firedAfterFaultMs: after,
  };
}

function expectedOf(name: string, { fires, mayFire }: Expectation): TriggerRecord["expected"] {
  if (fires.includes(name)) return "fires";
  return mayFire.includes(name) ? "either" : "quiet";
}

function verdictOf(
  trigger: WatchedTrigger,
  expected: TriggerRecord["expected"],
  firedAfterFaultMs: number | null,
): Verdict {
  const sawData = trigger.history.some(({ state }) => state !== "no-data");
  if (!sawData || trigger.failures.length > 0) return expected === "either" ? "pass" : "inconclusive";
  if (expected === "either") return "pass";
  if (expected === "fires") return firedAfterFaultMs === null ? "fail" : "pass";
  return trigger.firedAtMs === undefined ? "pass" : "fail";
}
