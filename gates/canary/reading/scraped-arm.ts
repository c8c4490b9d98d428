import { type Clock, formatDuration, KanitError } from "../../../core/index.ts";
import {
  AgeScalingSink,
  metricsSource,
  queryStore,
  type SampleStore,
  Scraper,
  type Source,
} from "../../../signals/index.ts";
import { type ArmName, type ArmSource, describeArmSource } from "../arm.ts";
import { type ArmReader, checkedSeries } from "./arm-reader.ts";

/** An arm whose pages are scraped into a store of its own. */
export interface ScrapedArm extends ArmReader {
  readonly store: SampleStore;
}

export interface ScrapedArmOptions {
  readonly name: ArmName;
  readonly source: Extract<ArmSource, { readonly kind: "scrape" }>;
  /** What both arms share and the triggers need: the pooler, the database. */
  readonly shared: readonly Source[];
  readonly store: SampleStore;
  readonly allowedHosts: readonly string[];
  readonly intervalMs: number;
  readonly timeScale: number;
  readonly clock: Clock;
}

/** So many collections may fail in a row before what was read is too old. */
const OLDEST_INTERVALS = 4;
const DEADLINE_MS = 5_000;

/** Starts to scrape an arm. */
export function startScrapedArm(options: ScrapedArmOptions): ScrapedArm {
  const { name, source, shared, store, allowedHosts, intervalMs, timeScale, clock } = options;
  const pages = source.metricsUrls.map((url, index) =>
    metricsSource({ name: `${name}-${index + 1}`, job: name, url: url.href, allowedHosts }),
  );
  const scraper = new Scraper({
    sources: [...pages, ...shared],
    // Triggers are compressed, and an age of a second stands for many.
    sinks: [new AgeScalingSink(store, timeScale)],
    clock,
    intervalMs,
    deadlineMs: DEADLINE_MS,
  }).start();
  const oldestMs = Math.max(OLDEST_INTERVALS * intervalMs, 1_000);
  return {
    description: describeArmSource(source),
    store,
    refresh: () => scraper.collectOnce(),
    read: (selector, atMs) =>
      Promise.resolve(readStore(store, selector, atMs, { oldestMs, scraper, pages: pages.length })),
    [Symbol.asyncDispose]: () => scraper.stop(),
  };
}

interface StoreReading {
  readonly oldestMs: number;
  readonly scraper: Scraper;
  readonly pages: number;
}

function readStore(
  store: SampleStore,
  selector: string,
  atMs: number,
  { oldestMs, scraper, pages }: StoreReading,
) {
  const lost = scraper
    .health()
    .slice(0, pages)
    .find(({ isUp }) => isUp !== true);
  if (lost !== undefined) {
    const { error } = lost.lastFailure ?? { error: undefined };
    const why = error instanceof Error ? error.message : "no answer in time";
    return { kind: "unknown", why: `${lost.name} cannot be read: ${why}` } as const;
  }
  const sinceMs = atMs - (store.newestMs ?? Number.NEGATIVE_INFINITY);
  if (sinceMs > oldestMs) {
    return {
      kind: "unknown",
      why: `the latest sample is ${formatDuration(Math.round(sinceMs))} old`,
    } as const;
  }
  try {
    const answer = queryStore(store, selector, atMs);
    return checkedSeries(selector, answer.kind === "no-data" ? [] : answer.elements);
  } catch (error) {
    if (!(error instanceof KanitError)) throw error;
    return { kind: "unknown", why: error.message } as const;
  }
}
