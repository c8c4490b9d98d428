export { findK6, type K6Program } from "./adapters/find-k6.ts";
export type { Throughput } from "./adapters/run-autocannon.ts";
export { type K6Run, type K6RunOptions, runK6 } from "./adapters/run-k6.ts";
export { type ArrivalPlan, type ArrivalSpacing, arrivalDurationMs, plannedStartsMs } from "./arrivals.ts";
export { LatencyHistogram, type LatencySummary } from "./latency-histogram.ts";
export { completeLoadPlan, type LoadPlan, type LoadPlanInput, VENUE_WEIGHTS_SCHEMA } from "./load-plan.ts";
export {
  judgeLoad,
  type KindReport,
  type LoadJudgement,
  type LoadObjective,
  type LoadReport,
  reportOf,
  USUAL_OBJECTIVE,
} from "./load-report.ts";
export type {
  GeneratorHealth,
  LoadResult,
  LoadTick,
  OperationSummary,
  OutcomeCounts,
  QuoteStreamReport,
} from "./load-result.ts";
export {
  type Operation,
  type OperationKind,
  type OrderRequest,
  OUTCOMES,
  type Outcome,
  type RequestSummary,
} from "./operation.ts";
export { type HttpProbeOptions, type HttpSample, probeHttp } from "./probes/http-probe.ts";
export {
  type PingSort,
  probeWebSocket,
  type WebSocketEvent,
  type WebSocketProbeOptions,
} from "./probes/web-socket-probe.ts";
export { readRecordedArrivals } from "./recorded-arrivals.ts";
export { type RateStep, type SaturateOptions, type Saturation, saturate } from "./saturation/saturate.ts";
export { comparePercentiles, type PercentileReading } from "./self-test/compare.ts";
export {
  type ReferenceServer,
  type ServerRecord,
  type Stall,
  startReferenceServer,
} from "./self-test/reference-server.ts";
export { runSelfTest, SELF_TEST, type SelfTestResult } from "./self-test/self-test.ts";
export { type RunningLoad, startLoad } from "./start-load.ts";
export { mergeSummaries, summarise } from "./summarise.ts";
