export { findK6, type K6Program } from "./adapters/find-k6.ts";
export { runK6 } from "./adapters/run-k6.ts";
export { LatencyHistogram } from "./latency-histogram.ts";
export { CLIENT_TIMEOUT_MS, type LoadPlanInput, VENUE_WEIGHTS_SCHEMA } from "./load-plan.ts";
export {
  judgeLoad,
  type LoadJudgment,
  type LoadObjective,
  type LoadReport,
  reportOf,
  USUAL_OBJECTIVE,
} from "./load-report.ts";
export type { GeneratorHealth, LoadResult, LoadTick, OperationSummary } from "./load-result.ts";
export { type Operation, OUTCOMES } from "./operation.ts";
export { type HttpSample, probeHttp } from "./probes/http-probe.ts";
export { probeWebSocket, type WebSocketEvent } from "./probes/web-socket-probe.ts";
export { readRecordedArrivals } from "./recorded-arrivals.ts";
export { type RateStep, type Saturation, saturate } from "./saturation/saturate.ts";
export {
  type ReferenceServer,
  type ServerRecord,
  startReferenceServer,
} from "./self-test/reference-server.ts";
export { runSelfTest, SELF_TEST, type SelfTestResult } from "./self-test/self-test.ts";
export { type RunningLoad, startLoad } from "./start-load.ts";
export { summarize } from "./summarize.ts";
export { orderQuantity } from "./workloads/order-draws.ts";
export { priceOrder } from "./workloads/order-pricing.ts";
export type { Quote } from "./workloads/prices.ts";
export { readingOf } from "./workloads/reading.ts";
