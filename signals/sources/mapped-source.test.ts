import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { parseRules } from "../alerting/load-rules.ts";
import { Labels } from "../labels.ts";
import { queryNumber } from "../query-store.ts";
import { type Sample, SampleStore } from "../sample-store.ts";
import { Scraper } from "../scraper.ts";
import { mappedSource } from "./mapped-source.ts";
import type { Source } from "./source.ts";

const RULES = `groups: [{ name: mapping, rules: [
  { record: http_requests_total, expr: 'sum without (code) (label_replace(py_requests, "status", "$1", "code", "(.*)"))' },
  { record: feed_staleness_seconds, expr: 'label_replace(time() - feed_last_message, "feed", "binance", "", "")' },
  { record: orders_total, expr: 'http_requests_total * 0 + 7' },
  ] }]`;

function sourceOf(samples: () => readonly Sample[]): Source {
  return {
    name: "platform",
    target: { job: "platform", instance: "127.0.0.1:1" },
    collect: async () => [...samples()],
  };
}

// A parser of pages returns the same labels for the same series.
const seen = new Map<string, Labels>();
const sample = (record: Readonly<Record<string, string>>, value: number): Sample => {
  const key = JSON.stringify(record);
  const labels = seen.get(key) ?? Labels.of(record);
  seen.set(key, labels);
  return { labels, value };
};

/** Scrapes a source several times into one store, and returns what a query finds then. */
async function scraped(source: Source, times = 3) {
  const store = new SampleStore(null);
  await using scraper = new Scraper({ sources: [source], sinks: [store], clock: systemClock });
  for (let count = 0; count < times; count++) await scraper.collectOnce();
  return { store, value: (query: string) => queryNumber(store, query, systemClock.nowMs()) };
}

describe("a source whose metrics are mapped", () => {
  it("has its own series and those that the rules record, each a series that goes on", async () => {
    let requests = 0;
    const own = () => {
      requests += 1;
      return [
        sample({ __name__: "py_requests", code: "200", path: "/v1" }, requests),
        sample({ __name__: "feed_last_message" }, systemClock.nowMs() / 1_000 - 5),
      ];
    };
    const { value, store } = await scraped(
      mappedSource(sourceOf(own), parseRules(RULES, "mapping.yml"), systemClock),
    );
    expect(value('http_requests_total{status="200", path="/v1", job="platform"}')).toBe(3);
    expect(value("py_requests")).toBe(3);
    expect(value("increase(http_requests_total[1m]) >= bool 1")).toBe(1);
    expect(value('feed_staleness_seconds{feed="binance"}')).toBeCloseTo(5, 0);
    expect(value("orders_total")).toBe(7);
    expect(value('count({exported_job=~".+"})')).toBeUndefined();
    expect(store.refused.duplicate).toBe(0);
  });

  it("ends a recorded series with the series that it is made of", async () => {
    let isThere = true;
    const own = () => (isThere ? [sample({ __name__: "py_requests", code: "200" }, 1)] : []);
    const source = mappedSource(sourceOf(own), parseRules(RULES, "mapping.yml"), systemClock);
    const store = new SampleStore(null);
    await using scraper = new Scraper({ sources: [source], sinks: [store], clock: systemClock });
    await scraper.collectOnce();
    isThere = false;
    await scraper.collectOnce();
    expect(queryNumber(store, "http_requests_total", systemClock.nowMs())).toBeUndefined();
  });

  it("says which rule could not be evaluated, and keeps all that the others recorded", async () => {
    const own = () => [
      sample({ __name__: "py_requests", code: "200" }, 1),
      sample({ __name__: "py_requests", code: "500" }, 1),
    ];
    const text = `groups: [{ name: mapping, rules: [
      { record: orders_total, expr: 'sum(py_requests)' },
      { record: http_requests_total, expr: 'label_replace(py_requests, "code", "", "", "")' },
    ] }]`;
    const source = mappedSource(sourceOf(own), parseRules(text, "mapping.yml"), systemClock);
    const { value } = await scraped(source);
    expect(value("orders_total")).toBe(2);
    expect(source.mappingFailures()).toEqual([expect.stringMatching(/^http_requests_total: /)]);
  });
});
