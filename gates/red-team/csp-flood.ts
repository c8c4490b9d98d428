import { cspReport, madeUpDirective } from "../../chaos/index.ts";
import { requestHttp } from "../../network/index.ts";
import { readMetricsPage } from "../../signals/index.ts";
import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { inParallel } from "./in-parallel.ts";
import { swallowedReports } from "./swallowed-reports.ts";

const METRIC = "csp_violations_total";
const REPORT_PATH = "/api/csp-report";
const HEALTH_PATH = "/api/healthz";
const REPORTS = 1_000;
const AT_ONCE = 20;
/** Each so many reports, a person's request is made. */
const HEALTH_EVERY = 50;

/** The counter of reports, as one page shows it. */
interface Counted {
  readonly series: number;
  readonly sum: number;
}

/** Does the platform bear a flood of reports of browsers? */
export const cspFlood = defineCheck({
  id: "csp-flood",
  title: "14. Flood of CSP reports",
  question:
    "Is each report of a flood counted, without a metric for each of its texts, while people are still answered?",
  risk: "A broken extension makes each browser report: the endpoint takes the platform down, or new label values take Prometheus down.",
  command: `seq ${REPORTS} | xargs -P ${AT_ONCE} -I{} curl -s -o /dev/null -X POST "$TARGET${REPORT_PATH}" -H 'content-type: application/csp-report' -d '{"csp-report":{"effective-directive":"made-up-{}"}}'; curl -s "$TARGET/metrics" | grep -c ^${METRIC}`,
  passes: `${REPORTS} reports with as many made-up directives are answered, each accepted one is counted, no series is added, and each health check between them is answered 2xx`,
  fix: "Map unknown directives to one label value, answer 429 beyond a rate, and count before anything slow is done.",
  evidence: ["csp_flood_test.txt"],
  deadlineMs: 60_000,
  maxAgeMs: 120_000,
  needs: ["lab"],
  mutant: swallowedReports,
  observe: async ({ lab }, context) => {
    const asOfMs = context.clock.nowMs();
    const before = await countReports(lab.metrics, context);
    const reports = Array.from({ length: REPORTS }, (_, index) => index);
    const statuses = await inParallel(reports, AT_ONCE, (index) => sendReport(lab.api, index, context));
    const after = await countReports(lab.metrics, context);
    const answered = statuses.map(({ report }) => report);
    const accepted = answered.filter((status) => status >= 200 && status < 300).length;
    const refused = answered.filter((status) => status === 429).length;
    const health = statuses.flatMap((each) => each.health);
    const counted = after.sum - before.sum;
    return {
      expected: ["reports", "health checks"],
      examined: [
        ...(answered.length > 0 ? ["reports"] : []),
        ...(health.length > 0 ? ["health checks"] : []),
      ],
      acts: [{ what: "reports sent", asked: REPORTS, happened: answered.length }],
      asOfMs,
      violations: [
        ...(accepted + refused < REPORTS
          ? [`${REPORTS - accepted - refused} reports are answered neither 2xx nor 429`]
          : []),
        ...(counted < accepted ? [`${accepted} reports are accepted, and ${counted} are counted`] : []),
        ...(after.series > before.series
          ? [`${METRIC} has ${after.series} series, before the flood ${before.series}`]
          : []),
        ...(health.some((status) => status !== 200)
          ? [`${health.filter((status) => status !== 200).length} of ${health.length} health checks fail`]
          : []),
      ],
      unclear: [],
      summary: `${accepted} accepted, ${refused} refused, ${counted} counted, ${after.series - before.series} new series`,
      texts: [
        [
          `reports sent      ${answered.length}`,
          `accepted (2xx)    ${accepted}`,
          `refused (429)     ${refused}`,
          `counted           ${counted}`,
          `series            ${before.series} before, ${after.series} after`,
          `health checks     ${health.length}, of them 200: ${health.filter((status) => status === 200).length}`,
          "",
        ].join("\n"),
      ],
    };
  },
});

async function sendReport(api: string, index: number, { signal }: ProbeContext) {
  const { status } = await requestHttp(new URL(REPORT_PATH, api), {
    method: "POST",
    ...cspReport(madeUpDirective(index)),
    signal,
  });
  if (index % HEALTH_EVERY !== 0) return { report: status, health: [] };
  const health = await requestHttp(new URL(HEALTH_PATH, api), { signal });
  return { report: status, health: [health.status] };
}

async function countReports(page: string, { signal }: ProbeContext): Promise<Counted> {
  const { text, headers } = await requestHttp(page, { signal });
  const samples = readMetricsPage(text, headers["content-type"] ?? null).filter(
    ({ name }) => name === METRIC,
  );
  if (samples.length === 0) throw new Error(`Expected the metric ${METRIC}, got none.`);
  return { series: samples.length, sum: samples.reduce((sum, { value }) => sum + value, 0) };
}
