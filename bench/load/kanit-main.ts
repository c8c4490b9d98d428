import { startLoad } from "../../load/index.ts";
import type { ToolReport, ToolTask } from "./tool-task.ts";

// This project's generator as a separate program: a task as its argument, its report on standard output.
const { baseUrl, rateRps, durationMs } = JSON.parse(process.argv[2] ?? "") as ToolTask;
const load = await startLoad({
  baseUrl,
  seed: 1,
  arrivals: { kind: "constant", rateRps, durationMs },
  workload: { kind: "request", path: "/load" },
  timeoutMs: 10_000,
  maxInFlight: 20_000,
});
await load.arrivalsEnded();
await load.settle();
const { p50, p90, p99, p999, max } = (await load.stop()).totals.latencyMs;
const known = (value: number | null): number => value ?? Number.NaN;
const report: ToolReport = {
  p50: known(p50),
  p90: known(p90),
  p99: known(p99),
  p999: known(p999),
  max: known(max),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
