import type { Clock } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import {
  AgeScalingSink,
  queryNumber,
  type RuleGroup,
  SampleStore,
  Scraper,
  type Source,
  type TriggerRecord,
  TriggerWatch,
} from "../../signals/index.ts";
import { databaseSource, platformSource, poolerSource } from "../observation/lab-sources.ts";
import type { Evidence, MetricSource } from "./condition.ts";

/** The interval of collections, and of the rules' evaluations. */
export const TICK_MS = 250;

export interface DrillWatchOptions {
  readonly addresses: LabAddresses;
  readonly platform: Pick<PlatformDefinition, "metrics">;
  readonly groups: readonly RuleGroup[];
  readonly timeScale: number;
  readonly clock: Clock;
}

/**
 * Collects everything that the triggers read from a lab: the platform's metrics, pgBouncer's pools
 * and Postgres's statistics. Samples are kept twice: as scraped, to detect conditions, and with
 * ages scaled, for the rules.
 */
export class DrillWatch implements AsyncDisposable {
  readonly #raw: SampleStore;
  readonly #sources: readonly BlindableSource[];
  readonly #scraper: Scraper;
  readonly #rules: TriggerWatch;
  #stopped: Promise<void> | null = null;

  private constructor({ addresses, platform, groups, timeScale, clock }: DrillWatchOptions) {
    const scaled = new SampleStore(clock);
    this.#raw = new SampleStore(clock);
    const sources = [
      platformSource(addresses, platform, clock),
      poolerSource(addresses),
      databaseSource(addresses),
    ];
    this.#sources = sources.map((source) => new BlindableSource(source));
    this.#scraper = new Scraper({
      sources: this.#sources,
      sinks: [this.#raw, new AgeScalingSink(scaled, timeScale)],
      clock,
      intervalMs: TICK_MS,
    });
    this.#rules = new TriggerWatch({ groups, store: scaled, clock, timeScale, tickMs: TICK_MS });
  }

  /** Starts collecting immediately. */
  static start(options: DrillWatchOptions): DrillWatch {
    const watch = new DrillWatch(options);
    watch.#scraper.start();
    watch.#rules.start();
    return watch;
  }

  /** Disconnects a source: its series end, as when a scrape target is gone. */
  blind(name: MetricSource): void {
    for (const source of this.#sources) if (source.name === name) source.blind = true;
  }

  /** The records of all rules so far. */
  rules(): readonly TriggerRecord[] {
    return this.#rules.triggers();
  }

  /** Whether the current samples show a condition. */
  shows({ expression }: Evidence, atMs: number): boolean {
    return (queryNumber(this.#raw, expression, atMs) ?? 0) > 0;
  }

  async stop(): Promise<void> {
    this.#stopped ??= Promise.all([this.#scraper.stop(), this.#rules.stop()]).then(() => undefined);
    await this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** A source that can be disconnected while the lab continues. */
class BlindableSource implements Source {
  readonly name: string;
  readonly target: Source["target"];
  readonly #source: Source;
  blind = false;

  constructor(source: Source) {
    this.name = source.name;
    this.target = source.target;
    this.#source = source;
  }

  async collect(signal: AbortSignal): ReturnType<Source["collect"]> {
    if (this.blind)
      throw new Error(`the drill has cut the connection to ${this.name}, so its metrics cannot be read`);
    return this.#source.collect(signal);
  }

  async close(): Promise<void> {
    await this.#source.close?.();
  }
}
