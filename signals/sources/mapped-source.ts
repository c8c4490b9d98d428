import type { Clock } from "../../core/index.ts";
import type { RuleGroup } from "../alerting/rule.ts";
import { RuleGroupEvaluator } from "../alerting/rule-group-evaluator.ts";
import { Labels } from "../labels.ts";
import { DEFAULT_ENGINE } from "../promql/engine-options.ts";
import { type Sample, type SampleSink, SampleStore, type SeriesSource } from "../sample-store.ts";
import type { Source } from "./source.ts";

/** A source with series that recording rules make of each collection. */
export interface MappedSource extends Source {
  /** Why rules could not be evaluated, each reason once. */
  mappingFailures(): readonly string[];
}

/**
 * Adds to each collection of a source what recording rules make of it, as Prometheus does between a scrape and the
 * rules that read the recorded series. Each rule sees the samples of this one collection, with the labels of its
 * target; so rules that look back in time have nothing to look at, and belong behind the mapping.
 */
export function mappedSource(
  source: Source,
  groups: readonly RuleGroup[],
  clock: Pick<Clock, "nowMs">,
): MappedSource {
  const failures = new Set<string>();
  // The scraper knows a series by its labels' identity.
  const known = new Map<string, Labels>();
  const identityOf = (labels: Labels): Labels => {
    const found = known.get(labels.key) ?? labels;
    known.set(labels.key, found);
    return found;
  };
  return {
    name: source.name,
    target: source.target,
    mappingFailures: () => [...failures],
    close: async () => source.close?.(),
    collect: async (signal) => {
      const samples = await source.collect(signal);
      if (groups.length === 0) return samples;
      const atMs = clock.nowMs();
      const page = new RecordingStore(source.target);
      for (const sample of samples) page.scrape(sample, atMs);
      for (const group of groups) {
        for (const outcome of new RuleGroupEvaluator(group, page, DEFAULT_ENGINE).evaluate(atMs)) {
          if (outcome.kind === "failed") failures.add(`${outcome.rule.name}: ${messageOf(outcome.error)}`);
        }
      }
      return [
        ...samples,
        ...page.recorded().map(({ labels, value }) => ({ labels: identityOf(labels), value })),
      ];
    },
  };
}

/** One collection, and what was recorded of it. */
class RecordingStore implements SeriesSource, SampleSink {
  readonly #store = new SampleStore(null);
  readonly #target: Source["target"];
  readonly #recorded: Sample[] = [];

  constructor(target: Source["target"]) {
    this.#target = target;
  }

  get seriesVersion(): number {
    return this.#store.seriesVersion;
  }

  scrape({ labels, value }: Sample, atMs: number): void {
    this.#store.append(Labels.of({ ...labels.toRecord(), ...this.#target }), atMs, value);
  }

  select(...matchers: Parameters<SeriesSource["select"]>): ReturnType<SeriesSource["select"]> {
    return this.#store.select(...matchers);
  }

  append(labels: Labels, atMs: number, value: number): ReturnType<SampleSink["append"]> {
    this.#recorded.push({ labels, value });
    return this.#store.append(labels, atMs, value);
  }

  appendStale(labels: Labels, atMs: number): ReturnType<SampleSink["appendStale"]> {
    return this.#store.appendStale(labels, atMs);
  }

  /** Without the labels of the target, which the scraper adds to everything. */
  recorded(): readonly Sample[] {
    const { job, instance } = this.#target;
    return this.#recorded.map(({ labels, value }) => {
      const { job: itsJob, instance: itsInstance, ...rest } = labels.toRecord();
      const kept = {
        ...rest,
        ...(itsJob === undefined || itsJob === job ? {} : { job: itsJob }),
        ...(itsInstance === undefined || itsInstance === instance ? {} : { instance: itsInstance }),
      };
      return { labels: Labels.of(kept), value };
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
