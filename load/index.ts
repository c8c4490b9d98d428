export { type ArrivalPlan, type ArrivalSpacing, arrivalDurationMs, plannedStartsMs } from "./arrivals.ts";
export { LatencyHistogram, type LatencySummary } from "./latency-histogram.ts";
export { completeLoadPlan, type LoadPlan, type LoadPlanInput } from "./load-plan.ts";
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
export { type RunningLoad, startLoad } from "./start-load.ts";
export { mergeSummaries, summarise } from "./summarise.ts";
