import type { LoadPlan } from "../load-plan.ts";
import type { GeneratorHealth, LoadTick, QuoteStreamReport, UnmappedAnswers } from "../load-result.ts";
import type { Operation } from "../operation.ts";

/** The worker's initial data. */
export interface WorkerOptions {
  readonly plan: LoadPlan;
  readonly keyPrefix: string;
}

/** Messages to the worker. */
export type ToWorker =
  | {
      readonly type: "start";
      /** By the clock of whoever started the load. */
      readonly startedAtEpochMs: number;
      /** The same moment by the time origin of this process, which the thread shares. */
      readonly startedAtOriginMs: number;
    }
  | { readonly type: "settle" }
  | { readonly type: "stop" };

/** Messages from the worker. */
export type FromWorker =
  /** The clients could not be made; nothing else follows. */
  | { readonly type: "not-ready"; readonly code: string; readonly message: string; readonly nextStep: string }
  | { readonly type: "ready" }
  | { readonly type: "tick"; readonly tick: LoadTick }
  | { readonly type: "arrivals-ended" }
  | { readonly type: "settled" }
  | { readonly type: "operations"; readonly operations: readonly Operation[] }
  | {
      readonly type: "stopped";
      readonly durationMs: number;
      readonly generator: GeneratorHealth;
      readonly unmapped: UnmappedAnswers;
      readonly unrecordedRequests: number;
      readonly quoteStream: QuoteStreamReport | null;
    };
