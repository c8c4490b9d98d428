import { describe, expect, it } from "vitest";
import { mergeVerdicts, systemClock } from "../../core/index.ts";
import type { BlastMetrics } from "./blast-signals.ts";
import { scrapedSignals } from "./scraped-signals.ts";
import { pageLines, pageWith, startCanary } from "./testing/canary.ts";

const ANSWERED = 300;

/**
 * What a blast learns of a canary that shows these pages, one after the other and then the last on and on, while it
 * answered 300 requests.
 */
async function scrape(...pages: readonly string[]): Promise<BlastMetrics> {
  let shown = 0;
  const page = () => pages[Math.min(shown++, pages.length - 1)] ?? "";
  await using canary = await startCanary({ page });
  await using signals = scrapedSignals({
    url: new URL("/metrics", canary.url),
    allowedHosts: [],
    requestsMetric: "http_requests_total",
    intervalMs: 20,
    timeoutMs: 5_000,
    clock: systemClock,
  });
  while (shown < pages.length) await systemClock.sleep(5);
  return await signals.ask({ startedAtMs: Date.now() - 30_000, lengthMs: 30_000, answered: ANSWERED });
}

const verdictOf = ({ checks }: BlastMetrics) => mergeVerdicts(checks.map(({ verdict }) => verdict));
const linesOf = ({ checks }: BlastMetrics) => checks.map(({ received }) => received);
const FIRST = pageWith(0, "none", null);
const LAST = pageWith(ANSWERED, "none", null);

/** The two pages of a canary that is well, but for one line of both. */
const both = (beginning: string, line: string | null) => [
  pageWith(0, beginning, line),
  pageWith(ANSWERED, beginning, line),
];

describe("a canary's own metrics", () => {
  it("are judged where they can be true and are of the process that was probed", async () => {
    const metrics = await scrape(FIRST, LAST);
    expect(linesOf(metrics)).toEqual(["CPU 0.0 %"]);
    expect(verdictOf(metrics)).toBe("pass");
    expect(metrics.cpuFraction).toBe(0);
  });

  it("may lack a histogram, and may have whatever nobody judges by", async () => {
    const odd = 'other_total NaN\nother_total NaN\nodd{quantile="0.5"} -1\n';
    const page = (asked: number) => `${pageLines(asked).slice(0, 6).join("\n")}\n${odd}`;
    const metrics = await scrape(page(0), page(ANSWERED));
    expect(linesOf(metrics)).toEqual(["CPU 0.0 %"]);
    expect(metrics.remarks).toEqual([expect.stringMatching(/^\d samples refused, of other_total last: /)]);
  });

  it.each<[string, readonly string[], string]>([
    [
      "a CPU that is not there",
      both("process_cpu_seconds_total", null),
      "process_cpu_seconds_total is not on the page",
    ],
    [
      "a CPU that is NaN",
      both("process_cpu_seconds_total", "process_cpu_seconds_total NaN"),
      "process_cpu_seconds_total: expected 0 or more, got NaN",
    ],
    [
      "an endless CPU",
      [FIRST, pageWith(ANSWERED, "process_cpu_seconds_total", "process_cpu_seconds_total +Inf")],
      "process_cpu_seconds_total: expected 0 or more, got Infinity",
    ],
    [
      "more CPU than a machine can have",
      [FIRST, pageWith(ANSWERED, "process_cpu_seconds_total", "process_cpu_seconds_total 9e9")],
      "CPU: expected 0 to 1024 cores, got ",
    ],
    [
      "a CPU that counts back",
      [FIRST, pageWith(ANSWERED, "process_cpu_seconds_total", "process_cpu_seconds_total 1")],
      "process_cpu_seconds_total: decreased from 7.25 to 1 in the same process",
    ],
    [
      "no start of the process",
      both("process_start_time_seconds", null),
      "process_start_time_seconds is not on the page",
    ],
    [
      "another process than at first",
      [FIRST, pageWith(ANSWERED, "process_start_time_seconds", "process_start_time_seconds 1748700009")],
      "the process was replaced during the blast: process_start_time_seconds went from 1748700000 to 1748700009",
    ],
    [
      "a clock that is ahead",
      both("process_start_time_seconds", "process_start_time_seconds 4102444000"),
      "process_start_time_seconds: lies ",
    ],
    [
      "no requests while many were answered",
      [FIRST, FIRST],
      "http_requests_total counted 0 of the 300 requests that were answered: these are another process's",
    ],
    ["no counter of requests", both("http_requests_total", null), "http_requests_total is not on the page"],
    [
      "a series twice",
      both("http_requests_total", 'http_requests_total{a="b"} 900\nhttp_requests_total{a="b"} 900'),
      'http_requests_total: {__name__="http_requests_total", a="b"} occurs twice on one page',
    ],
    [
      "an empty histogram",
      both("http_request_duration_seconds_count", "http_request_duration_seconds_count 0"),
      "http_request_duration_seconds_count counted 0 of the 300 requests that were answered",
    ],
    [
      "a histogram without +Inf",
      both('http_request_duration_seconds_bucket{le="+Inf"}', null),
      "http_request_duration_seconds_bucket: it has no bucket for +Inf",
    ],
    [
      "buckets that fall",
      both(
        'http_request_duration_seconds_bucket{le="0.1"}',
        'http_request_duration_seconds_bucket{le="0.1"} 999',
      ),
      "http_request_duration_seconds_bucket: its buckets decrease: 999 up to 0.1, but ",
    ],
    [
      "a page that was made long ago",
      both("process_cpu_seconds_total", `process_cpu_seconds_total 7.25 ${Date.now() - 600_000}`),
      "process_cpu_seconds_total: is dated 10 min",
    ],
    [
      "a page from the future",
      both("process_cpu_seconds_total", `process_cpu_seconds_total 7.25 ${Date.now() + 7_200_000}`),
      "process_cpu_seconds_total: is dated ",
    ],
    ["a page that is none", ["<html>login</html>"], " scrapes failed, the last one with: Expected "],
    ["an empty page", [""], "process_cpu_seconds_total is not on the page"],
  ])("are no evidence with %s, and say so in a line", async (_what, pages, line) => {
    const metrics = await scrape(...pages);
    expect(verdictOf(metrics)).toBe("inconclusive");
    expect(metrics.cpuFraction).toBeNull();
    expect(linesOf(metrics)).toContainEqual(expect.stringContaining(line));
    for (const received of linesOf(metrics)) expect(received).toMatch(/^[^\n]{1,300}$/);
  });
});
