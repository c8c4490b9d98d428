import { MAX_PAGE_BYTES, requestHttp } from "../../network/index.ts";
import { GOLDEN_SIGNALS, metricsOf, readMetricsPage } from "../../signals/index.ts";
import { defineCheck } from "../engine/check.ts";
import { lostMetric } from "./lost-metric.ts";

/** What is kept of each metric in the summary: its series, and their sum. */
interface MetricSummary {
  readonly name: string;
  readonly series: number;
  readonly sum: number;
}

/** What were the metrics before the release? */
export const baselineMetrics = defineCheck({
  id: "baseline-metrics",
  title: "Baseline metrics",
  question:
    "Does the platform publish every metric of the golden signals, and what are they before the release?",
  risk: "Without what was before, nobody can say what the release changed.",
  command: `curl -s "$TARGET/metrics" > baseline.prom; grep -c . baseline.prom`,
  passes: "the page can be read, and each metric of the eight golden signals is on it",
  fix: "Publish the metric that is missing, with value 0 from the start (docs/own-platform.md lists them).",
  evidence: ["baseline_{release}.prom", "baseline_summary_{release}.txt"],
  deadlineMs: 10_000,
  maxAgeMs: 60_000,
  needs: ["metrics"],
  mutant: lostMetric,
  observe: async ({ metrics }, { clock, signal, target }) => {
    const asOfMs = clock.nowMs();
    const { allowedHosts } = target;
    const answer = await requestHttp(metrics, { signal, allowedHosts, maxBodyBytes: MAX_PAGE_BYTES });
    if (answer.status !== 200)
      throw new Error(`Expected the metrics at ${metrics.pathname}, got status ${answer.status}.`);
    const samples = readMetricsPage(answer.text, answer.headers["content-type"] ?? null);
    const summaries = summarize(samples);
    const names = new Set(summaries.map(({ name }) => name));
    const wanted = [
      ...metricsOf(
        [],
        GOLDEN_SIGNALS.map(({ query }) => query),
      ),
    ];
    const missing = wanted.filter((name) => !names.has(name));
    return {
      expected: ["metrics page"],
      examined: summaries.length === 0 ? [] : ["metrics page"],
      acts: [],
      asOfMs,
      violations: missing.map((name) => `${name} is not published, but a golden signal is made of it`),
      unclear: [],
      summary: `${samples.length} series of ${summaries.length} metrics`,
      texts: [
        answer.text,
        [
          `# ${target.name} before ${target.release}, ${new Date(asOfMs).toISOString()}`,
          ...summaries.map(({ name, series, sum }) => `${name}\t${series} series\tsum ${sum}`),
          "",
        ].join("\n"),
      ],
    };
  },
});

function summarize(samples: ReturnType<typeof readMetricsPage>): readonly MetricSummary[] {
  const found = new Map<string, { series: number; sum: number }>();
  for (const { name, value } of samples) {
    const { series, sum } = found.get(name) ?? { series: 0, sum: 0 };
    found.set(name, { series: series + 1, sum: sum + (Number.isFinite(value) ? value : 0) });
  }
  return [...found].map(([name, each]) => ({ name, ...each }));
}
