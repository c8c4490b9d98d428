import autocannon from "autocannon";
import type { ToolReport, ToolTask } from "./tool-task.ts";

// autocannon at a fixed rate, with its own correction for coordinated omission, which is then its default.
const { baseUrl, rateRps, durationMs } = JSON.parse(process.argv[2] ?? "") as ToolTask;
const { latency } = await autocannon({
  url: `${baseUrl}/load`,
  connections: 10,
  duration: durationMs / 1_000,
  overallRate: rateRps,
});
const report: ToolReport = {
  p50: latency.p50,
  p90: latency.p90,
  p99: latency.p99,
  p999: latency.p99_9,
  max: latency.max,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
