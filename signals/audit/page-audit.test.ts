import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExposition } from "../exposition/parse-exposition.ts";
import { histogramProblem } from "./histogram-problem.ts";
import { PageAudit } from "./page-audit.ts";

const NOW_MS = Date.UTC(2025, 5, 1, 12);
const START = `process_start_time_seconds ${NOW_MS / 1_000 - 60}\n`;

/** What an audit of these metrics finds on the pages, read a second apart. */
function auditOf(judged: readonly string[], ...pages: readonly string[]): PageAudit {
  const audit = new PageAudit(judged);
  pages.forEach((page, index) => void audit.look(parseExposition(page), NOW_MS + 1_000 * index));
  return audit;
}

const problemsOf = (page: string, ...more: readonly string[]) =>
  auditOf(["a_total", "age_seconds", "feed_staleness_seconds", "d_bucket"], page, ...more).problems();

describe("a page of metrics that cannot be true", () => {
  it.each([
    ["a counter that is NaN", "a_total NaN", "a_total: expected 0 or more, got NaN"],
    ["a counter below zero", "a_total -3", "a_total: expected 0 or more, got -3"],
    ["an endless counter", "a_total +Inf", "a_total: expected 0 or more, got Infinity"],
    [
      "a negative age",
      'feed_staleness_seconds{feed="bist"} -5',
      "feed_staleness_seconds: expected 0 to 315360000 s, got -5",
    ],
    [
      "an age that is NaN",
      "feed_staleness_seconds NaN",
      "feed_staleness_seconds: expected 0 to 315360000 s, got NaN",
    ],
    [
      "a gauge that is NaN",
      "# TYPE age_seconds gauge\nage_seconds NaN",
      "age_seconds: expected a finite number, got NaN",
    ],
    [
      "a series that stands twice",
      'a_total{b="c"} 1\na_total{b="c"} 2',
      'a_total: {__name__="a_total", b="c"} occurs twice on one page',
    ],
    ["a histogram without +Inf", 'd_bucket{le="1"} 1', "d_bucket: it has no bucket for +Inf"],
    [
      "buckets that fall",
      'd_bucket{le="0.5"} 7\nd_bucket{le="1"} 3\nd_bucket{le="+Inf"} 9',
      "d_bucket: its buckets decrease: 7 up to 0.5, but 3 up to 1",
    ],
    ["a bucket without a bound", 'd_bucket 1\nd_bucket{le="+Inf"} 1', 'd_bucket: a bucket has the bound ""'],
    ["a stale page", `a_total 1 ${NOW_MS - 240_000}`, "a_total: is dated 4 min ago: the page is stale"],
    [
      "a clock that is ahead",
      `a_total 1 ${NOW_MS + 90_000}`,
      "a_total: is dated 1 min 30 s ahead: the target's clock and this one differ",
    ],
    [
      "a process from the future",
      `process_start_time_seconds ${NOW_MS / 1_000 + 60}`,
      "process_start_time_seconds: lies 1 min in the future: the target's clock and this one differ",
    ],
    [
      "several processes on one page",
      `process_start_time_seconds{pid="1"} 1748700000\nprocess_start_time_seconds{pid="2"} 1748700001`,
      "process_start_time_seconds: one page has several: it is from several processes",
    ],
  ])("%s", (_name, page, line) => {
    expect(problemsOf(`${page}\n`)).toEqual([line]);
  });

  it("a counter that goes back in one process", () => {
    expect(problemsOf(`${START}a_total 9\n`, `${START}a_total 4\n`)).toEqual([
      "a_total: decreased from 9 to 4 in the same process",
    ]);
  });

  it("samples whose times go back", () => {
    const page = (atMs: number) => `a_total 9 ${atMs}\n`;
    expect(problemsOf(page(NOW_MS), page(NOW_MS - 1_000))).toEqual([
      "a_total: has an older timestamp than a previous sample",
    ]);
  });

  it("several processes that answer in turn", () => {
    const first = "process_start_time_seconds 1748700000\na_total 9\n";
    const second = "process_start_time_seconds 1748700007\na_total 4\n";
    expect(problemsOf(first, second, first)).toEqual([
      "process_start_time_seconds: goes back: several processes answer at one address",
    ]);
  });

  it("is told once for each metric and kind, however often it comes", () => {
    const page = 'feed_staleness_seconds{feed="a"} -1\nfeed_staleness_seconds{feed="b"} -2\n';
    expect(problemsOf(page, page, page)).toHaveLength(1);
  });
});

describe("the problems of pages", () => {
  it("can be limited to those since a time: what was wrong before is not told", () => {
    const audit = auditOf(["a_total"], "a_total NaN\n", "a_total 1\n");
    expect(audit.problems()).toHaveLength(1);
    expect(audit.problems(NOW_MS)).toHaveLength(1);
    expect(audit.problems(NOW_MS + 1)).toEqual([]);
    expect(audit.pages).toBe(2);
  });
});

describe("a page of metrics that can be true", () => {
  it("has no problem, and what nobody judges by may be anything", () => {
    const page = [
      START,
      "# TYPE a_total counter\na_total 5\n# TYPE d histogram\n",
      'd_bucket{le="0.1"} 0\nd_bucket{le="1.0"} 0\nd_bucket{le="+Inf"} 0\nfeed_staleness_seconds{feed="bist"} 0\n',
      '# TYPE other_total gauge\nother_total -1\nsummary{quantile="0.5"} NaN\nother_total -1\n',
    ].join("");
    expect(problemsOf(page, page)).toEqual([]);
  });

  it("may count from zero again after a restart, which is told on its own", () => {
    const again = `process_start_time_seconds ${NOW_MS / 1_000}\n`;
    const audit = auditOf(["a_total"], `${START}a_total 9\n`, `${again}a_total 1\n`);
    expect(audit.problems()).toEqual([]);
    expect(audit.restarted).toBe(
      `process_start_time_seconds went from ${NOW_MS / 1_000 - 60} to ${NOW_MS / 1_000}`,
    );
  });

  it("tells which judged metrics it has not", () => {
    expect(auditOf(["a_total", "b"], `${START}a_total 1\n`).missing()).toEqual(["b"]);
    expect(auditOf(["a_total"]).missing()).toEqual(["a_total", "process_start_time_seconds"]);
  });

  it("may have a gauge whose name ends as a counter's, when it says so", () => {
    const page = (value: number) => `# TYPE a_total gauge\na_total ${value}\n`;
    expect(problemsOf(page(5), page(-3))).toEqual([]);
  });
});

describe("a histogram", () => {
  it("is sound exactly when it counts up to +Inf, in whatever order its buckets come", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 8 }), fc.boolean(), (counts, ends) => {
        const bounds = counts.map((_, index) =>
          ends && index === counts.length - 1 ? "+Inf" : String(index),
        );
        const buckets = counts.map((count, index) => ({ bound: bounds[index] ?? "", count }));
        const rises = counts.every((count, index) => index === 0 || count >= (counts[index - 1] ?? 0));
        const sound = ends && counts.length > 0 && rises;
        expect(histogramProblem([...buckets].reverse()) === null).toBe(sound);
      }),
    );
  });
});
