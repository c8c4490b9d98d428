import type { Clock } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { PhaseRecord, SampleTable } from "../../evidence/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import type { Operation } from "../../load/index.ts";
import {
  AgeScalingSink,
  askNumber,
  auditedSource,
  type MappedSource,
  metricsOf,
  PageAudit,
  queryNumber,
  type RuleGroup,
  SampleStore,
  Scraper,
  TriggerWatch,
  type TriggerRecord as WatchedTrigger,
} from "../../signals/index.ts";
import { feedsAmong, type VenueName } from "../../venues/index.ts";
import { grantedMs } from "../experiment/patience.ts";
import { candidateSource, platformSource, poolerSource } from "./lab-sources.ts";
import type { FeedAges, Measured, MetricsPages, MetricValue, ObservedTrigger } from "./measured.ts";
import { type HealthProbe, healthProbe } from "./probes/health-probe.ts";
import { sampleTable } from "./sample-table.ts";

const INTERVAL_MS = 250;
/** How often a load's end is measured at least. */
export const AT_REST_COLLECTIONS = 5;
const AT_REST_LIMIT_MS = 3_000;
/**
 * Not a multiple of the platform's own housekeeping, which runs every tenth of a second, so that
 * the two do not coincide.
 */
const AT_REST_PAUSE_MS = 37;
/** Less frequent than the rest, because the platform counts these requests like those of its clients. */
const HEALTH_INTERVAL_MS = 500;

export interface MeasurementOptions {
  readonly addresses: Pick<LabAddresses, "metrics" | "platform" | "poolerAdminUrl">;
  /** The metrics of a candidate beside the platform, whose series have the job `candidate`. */
  readonly candidateMetrics: readonly string[];
  readonly platform: Pick<PlatformDefinition, "health" | "venues" | "metrics">;
  readonly rules: readonly RuleGroup[];
  /** The queries whose values will be judged. */
  readonly expressions: readonly string[];
  readonly timeScale: number;
  readonly clock: Clock;
  /** The scenario's start on the epoch clock, where its time axis begins. */
  readonly startedAtEpochMs: number;
}

/**
 * Measures what clients do not see: the platform's metrics and health, pgBouncer's pools, and the states of
 * the triggers. Samples are kept twice: as scraped, for the report, and with ages scaled, for the triggers.
 */
export class Measurement implements AsyncDisposable {
  readonly #startedAtEpochMs: number;
  readonly #clock: Clock;
  readonly #feeds: readonly VenueName[];
  readonly #raw: SampleStore;
  readonly #platform: MappedSource;
  readonly #audit: PageAudit;
  readonly #scraper: Scraper;
  readonly #health: HealthProbe;
  readonly #healthScraper: Scraper;
  readonly #watch: TriggerWatch;
  #stopped: Promise<void> | null = null;

  private constructor(options: MeasurementOptions) {
    const { addresses, clock, timeScale, rules } = options;
    const scaled = new SampleStore(clock);
    this.#raw = new SampleStore(clock);
    this.#clock = clock;
    this.#feeds = lacksFeedAges(options.platform) ? [] : feedsAmong(options.platform.venues);
    this.#startedAtEpochMs = options.startedAtEpochMs;
    const { mapping } = options.platform.metrics;
    this.#platform = platformSource(addresses, options.platform, clock);
    // What the mapping reads decides as much as what it records.
    this.#audit = new PageAudit(metricsOf([...rules, ...mapping], options.expressions));
    this.#scraper = new Scraper({
      sources: [
        auditedSource(this.#platform, this.#audit, clock),
        ...options.candidateMetrics.map((url) => candidateSource(url, options.platform, clock)),
        poolerSource(addresses),
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

  /** Starts measuring immediately. */
  static start(options: MeasurementOptions): Measurement {
    const measurement = new Measurement(options);
    measurement.#scraper.start();
    measurement.#healthScraper.start();
    measurement.#watch.start();
    return measurement;
  }

  /**
   * Measures so many more times when there are no requests: everything is counted then, and what the platform
   * still holds has leaked. More than once, because the platform's own housekeeping continues; and for some
   * seconds while it still uses the database, because it may be working on requests whose clients gave up, or has
   * more quote sockets than `openSockets`, because it may not have noticed those that were closed. A platform that
   * is late by no fault of its own gets longer.
   *
   * Returns whether its metrics were read at all in this time.
   */
  async collectAtRest(openSockets: number, collections: number, isExcused: () => boolean): Promise<boolean> {
    const startMs = this.#clock.monotonicMs();
    const pagesBefore = this.#audit.pages;
    for (let count = 0; count < collections || this.#isBusy(openSockets); count++) {
      const passedMs = this.#clock.monotonicMs() - startMs;
      if (count >= collections && passedMs > grantedMs({ limitMs: AT_REST_LIMIT_MS, isExcused })) break;
      await this.#scraper.collectOnce();
      await this.#clock.sleep(AT_REST_PAUSE_MS);
    }
    return this.#audit.pages > pagesBefore;
  }

  #isBusy(openSockets: number): boolean {
    const now = (query: string) => queryNumber(this.#raw, query, this.#clock.nowMs()) ?? 0;
    return now('sum(db_pool_connections{state="active"})') > 0 || now("sum(ws_clients)") > openSockets;
  }

  /** How many requests the measurement itself sent to the platform's API. */
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

  /** The states of the triggers now, for a live view. */
  triggerStates(): readonly { readonly name: string; readonly state: string }[] {
    return this.#watch.triggers().map(({ name, state }) => ({ name, state }));
  }

  /**
   * The value of each query at a time of the scenario; null when there is none.
   *
   * @throws PromqlError when one cannot be evaluated.
   */
  values(queries: Readonly<Record<string, string>>, atMs: number): Readonly<Record<string, number | null>> {
    const values = Object.entries(queries).map(([name, query]) => [name, this.#query(query, atMs)]);
    return Object.fromEntries(values);
  }

  /**
   * Everything that a verdict needs: the triggers, the values of these queries at `endMs`, and the feeds'
   * ages.
   */
  measured(expressions: readonly string[], phases: readonly PhaseRecord[], endMs: number): Measured {
    return {
      triggers: this.#watch.triggers().map((trigger) => observed(trigger, this.#startedAtEpochMs)),
      values: Object.fromEntries(expressions.map((each) => [each, this.#valueOf(each, endMs)])),
      mappingFailures: this.#platform.mappingFailures(),
      feedAges: Object.fromEntries(phases.map((phase) => [phase.name, this.#feedAges(phase)])),
      metricsPages: this.#metricsPages(phases),
    };
  }

  sampleTable(operations: readonly Operation[], endMs: number): SampleTable {
    return sampleTable(operations, endMs, this.#feeds, (expression, atMs) => this.#query(expression, atMs));
  }

  #metricsPages(phases: readonly PhaseRecord[]): MetricsPages {
    const sinceMs = phases.find(({ name }) => name === "steady-before")?.startMs ?? 0;
    return {
      pages: this.#audit.pages,
      problems: this.#audit.problems(this.#startedAtEpochMs + sinceMs),
      refused: this.#scraper
        .health()
        .flatMap(({ name, refusals }) => refusals.map((line) => `${name}: ${line}`)),
    };
  }

  #valueOf(expression: string, atMs: number): MetricValue {
    try {
      const answer = askNumber(this.#raw, expression, this.#startedAtEpochMs + atMs);
      if (answer.kind === "number") return { ...answer, kind: "measured" };
      if (answer.kind === "no-data") return answer;
      return { kind: "failed", why: `it returned ${answer.series} series, but exactly one is needed` };
    } catch (error) {
      return { kind: "failed", why: error instanceof Error ? error.message : String(error) };
    }
  }

  #query(expression: string, atMs: number): number | null {
    return queryNumber(this.#raw, expression, this.#startedAtEpochMs + atMs) ?? null;
  }

  #feedAges({ startMs, endMs }: PhaseRecord): FeedAges {
    const ages: Record<string, readonly number[]> = {};
    for (const feed of this.#feeds) {
      const values: number[] = [];
      for (let atMs = startMs; atMs <= endMs; atMs += INTERVAL_MS) {
        const age = this.#query(`max(feed_staleness_seconds{feed="${feed}"})`, atMs);
        if (age !== null) values.push(age);
      }
      ages[feed] = values;
    }
    return ages;
  }
}

function lacksFeedAges({ metrics }: Pick<PlatformDefinition, "metrics">): boolean {
  return metrics.lacks.includes("feed_staleness_seconds");
}

function observed(
  { name, rule, history, evaluationsWithData, firedAtMs, failures }: WatchedTrigger,
  startedAtEpochMs: number,
): ObservedTrigger {
  const sinceStart = (atMs: number) => Math.max(0, atMs - startedAtEpochMs);
  return {
    name,
    severity: rule.labels.severity?.text ?? "none",
    expression: rule.text.trim(),
    summary: rule.annotations.description?.text ?? rule.annotations.summary?.text ?? "",
    history: history.map(({ atMs, state, value }) => ({
      atMs: sinceStart(atMs),
      state,
      value: value ?? null,
    })),
    evaluations: evaluationsWithData,
    firedAtMs: firedAtMs === undefined ? null : sinceStart(firedAtMs),
    failures: failures.length,
  };
}
