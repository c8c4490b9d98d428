import { type Clock, formatDuration, KanitError } from "../../../core/index.ts";
import { metricsSource, queryStore, SampleStore, Scraper } from "../../../signals/index.ts";
import { type ArmName, type ArmSource, describeArmSource } from "../arm.ts";
import { type ArmReader, checkedSeries } from "./arm-reader.ts";
import type { OwnTriggers } from "./watched-triggers.ts";

export interface ScrapedArmOptions {
  readonly name: ArmName;
  readonly source: Extract<ArmSource, { readonly kind: "scrape" }>;
  /** Null for an arm on which no triggers are watched. */
  readonly triggers: OwnTriggers | null;
  readonly allowedHosts: readonly string[];
  readonly intervalMs: number;
  readonly clock: Clock;
}

/** So many collections may fail in a row before what was read is too old. */
const OLDEST_INTERVALS = 4;
const DEADLINE_MS = 5_000;

/** Starts to scrape an arm. */
export function startScrapedArm(options: ScrapedArmOptions): ArmReader {
  const { name, source, triggers, allowedHosts, intervalMs, clock } = options;
  const store = new SampleStore(clock);
  const pages = source.metricsUrls.map((url, index) =>
    metricsSource({ name: `${name}-${index + 1}`, job: name, url: url.href, allowedHosts }),
  );
  const scraper = new Scraper({
    sources: pages,
    sinks: [store, ...(triggers === null ? [] : [triggers.sink])],
    clock,
    intervalMs,
    deadlineMs: DEADLINE_MS,
  }).start();
  const oldestMs = Math.max(OLDEST_INTERVALS * intervalMs, DEADLINE_MS);
  return {
    description: describeArmSource(source),
    refresh: () => scraper.collectOnce(),
    read: (selector, atMs) => Promise.resolve(readStore(store, selector, atMs, { oldestMs, scraper })),
    [Symbol.asyncDispose]: () => scraper.stop(),
  };
}

interface StoreReading {
  readonly oldestMs: number;
  readonly scraper: Scraper;
}

function readStore(store: SampleStore, selector: string, atMs: number, { oldestMs, scraper }: StoreReading) {
  const lost = scraper.health().find(({ isUp }) => isUp !== true);
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
