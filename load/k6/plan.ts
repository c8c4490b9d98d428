import type { Scenario } from "k6/options";
import { USUAL_ORDER_WEIGHTS } from "../../venues/index.ts";
import { DEFAULT_MIX, DEFAULT_STYLES } from "../workloads/order-flow-defaults.ts";

/** The plan of a script: `kanit load k6` writes it into `KANIT_K6_PLAN` as JSON. */
export interface K6Plan {
  readonly baseUrl: string;
  /** Determines what the n-th iteration does, whichever virtual user runs it. */
  readonly seed: number;
  /** The prefix of every idempotency key. */
  readonly keyPrefix: string;
  readonly timeoutMs: number;
  readonly durationMs: number;
  /** The arrivals as an executor of k6; it is open-loop. */
  readonly arrivals: ArrivalExecutor;
  readonly objective: { readonly latencyMsP95: number; readonly errorRatio: number };
  readonly workload: K6Workload;
}

/** The executors of k6 whose iterations start as planned, whether or not earlier ones have ended. */
type ArrivalExecutor = Extract<Scenario, { executor: "constant-arrival-rate" | "ramping-arrival-rate" }>;

/** The order flow, or a fixed request. The fields are those of a load plan's workload. */
type K6Workload = K6OrderFlow | K6Request;

export interface K6OrderFlow {
  readonly kind: "order-flow";
  readonly mix: typeof DEFAULT_MIX;
  readonly styles: typeof DEFAULT_STYLES;
  readonly venues: typeof USUAL_ORDER_WEIGHTS;
  readonly symbol: string;
  readonly maxAttempts: number;
  readonly retryPauseMs: number;
  readonly pingIntervalMs: number;
}

export interface K6Request {
  readonly kind: "request";
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The plan of a script that is run by hand: `k6 run -e KANIT_URL=http://127.0.0.1:8080
 * load/k6/order-flow.ts`.
 */
function planByHand(workload: K6Workload): K6Plan {
  return {
    baseUrl: __ENV.KANIT_URL ?? "http://127.0.0.1:8080",
    seed: 1,
    keyPrefix: `k6-${Date.now().toString(36)}`,
    timeoutMs: 5_000,
    durationMs: 30_000,
    arrivals: {
      executor: "constant-arrival-rate",
      rate: 50,
      timeUnit: "1s",
      duration: "30s",
      preAllocatedVUs: 50,
      maxVUs: 250,
    },
    objective: { latencyMsP95: 200, errorRatio: 0.01 },
    workload,
  };
}

const ORDER_FLOW: K6OrderFlow = {
  kind: "order-flow",
  mix: DEFAULT_MIX,
  styles: DEFAULT_STYLES,
  venues: USUAL_ORDER_WEIGHTS,
  symbol: "BTCUSDT",
  maxAttempts: 3,
  retryPauseMs: 200,
  pingIntervalMs: 1_000,
};
const REQUEST: K6Request = { kind: "request", method: "GET", path: "/", headers: {}, body: "" };

function readPlan(byHand: K6Workload): K6Plan {
  const text = __ENV.KANIT_K6_PLAN;
  return text === undefined ? planByHand(byHand) : (JSON.parse(text) as K6Plan);
}

/** The plan of the order flow. */
export function readOrderFlowPlan(): K6Plan & { readonly workload: K6OrderFlow } {
  const plan = readPlan(ORDER_FLOW);
  if (plan.workload.kind === "order-flow") return { ...plan, workload: plan.workload };
  throw new TypeError(`Expected a plan of the order flow, got ${plan.workload.kind}.`);
}

/** The plan of a fixed request. */
export function readRequestPlan(): K6Plan & { readonly workload: K6Request } {
  const plan = readPlan(REQUEST);
  if (plan.workload.kind === "request") return { ...plan, workload: plan.workload };
  throw new TypeError(`Expected a plan of a request, got ${plan.workload.kind}.`);
}
