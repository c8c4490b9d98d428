import { z } from "zod";
import { EXIT_CODE, KanitError } from "../../core/index.ts";
import type { LatencySummary } from "../latency-histogram.ts";
import type { KindReport, LoadReport } from "../load-report.ts";
import type { OperationKind } from "../operation.ts";

const metric = z.object({ values: z.record(z.string(), z.number().nullable()) });
const summarySchema = z.object({
  state: z.object({ testRunDurationMs: z.number() }),
  metrics: z.record(z.string(), metric),
});
type Metrics = z.infer<typeof summarySchema>["metrics"];

/** What the scripts measure, tagged to keep it apart from their other requests. */
const MEASURED = "http_req_duration{measured:yes}";
const KIND = /^http_req_duration\{kind:(place|query|cancel|positions|quote|request)\}$/;

/**
 * Converts the summary of a run of `load/k6/*.ts` to the report of the generator's own loads.
 *
 * @throws KanitError `bad-k6-summary` for anything else.
 */
export function readK6Summary(json: unknown): LoadReport {
  const parsed = summarySchema.safeParse(json);
  if (!parsed.success) {
    throw new KanitError({
      code: "bad-k6-summary",
      message: `Expected k6's summary of a run, got: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " ")}.`,
      nextStep:
        "Use k6 1.0 or newer and the scripts in load/k6; if the error persists, report it with k6's version.",
      exitCode: EXIT_CODE.internal,
      cause: parsed.error,
    });
  }
  const { metrics, state } = parsed.data;
  const outcomes = {
    succeeded: count(metrics, "kanit_succeeded"),
    rejected: count(metrics, "kanit_rejected"),
    failed: count(metrics, "kanit_failed"),
    unknown: count(metrics, "kanit_unknown"),
    dropped: count(metrics, "dropped_iterations"),
  };
  const sent = outcomes.succeeded + outcomes.rejected + outcomes.failed + outcomes.unknown;
  return {
    tool: "k6",
    durationMs: state.testRunDurationMs,
    operations: sent + outcomes.dropped,
    outcomes,
    errorRatio: sent === 0 ? null : (outcomes.failed + outcomes.unknown) / sent,
    latencyMs: latencies(metrics[MEASURED]?.values, sent),
    latencyFrom: "actual start",
    kinds: kindsOf(metrics),
    unsound: outcomes.dropped === 0 ? [] : [droppedReason(outcomes.dropped)],
    lagMsP99: null,
  };
}

function droppedReason(dropped: number): string {
  return `Expected every planned iteration to start, but k6 dropped ${dropped} because it had no free virtual users.`;
}

/** k6 omits a counter that was never increased. */
function count(metrics: Metrics, name: string): number {
  return metrics[name]?.values.count ?? 0;
}

function kindsOf(metrics: Metrics): readonly KindReport[] {
  return Object.entries(metrics).flatMap(([name, { values }]) => {
    const kind = KIND.exec(name)?.[1] as OperationKind | undefined;
    const operations = values.count ?? 0;
    return kind === undefined || operations === 0
      ? []
      : [{ kind, operations, latencyMs: latencies(values, operations) }];
  });
}

/** k6 writes 0 where it has no sample, but no data is not zero. */
function latencies(values: Metrics[string]["values"] | undefined, samples: number): LatencySummary {
  const at = (name: string) => (samples === 0 ? null : (values?.[name] ?? null));
  return {
    p50: at("p(50)"),
    p90: at("p(90)"),
    p95: at("p(95)"),
    p99: at("p(99)"),
    p999: at("p(99.9)"),
    max: at("max"),
  };
}
