import type { BackpressureRecord, StepRecord } from "../../evidence/index.ts";

/** The events of a search, for display and for the journal. */
export type BackpressureEvent =
  | {
      readonly kind: "backpressure.started";
      readonly runId: string;
      readonly command: string;
      readonly seed: number;
      readonly ratesRps: readonly number[];
    }
  | { readonly kind: "backpressure.lab.ready"; readonly labId: string; readonly tookMs: number }
  | { readonly kind: "backpressure.planted"; readonly planted: readonly string[] }
  | { readonly kind: "backpressure.step.started"; readonly rateRps: number; readonly attempt: number }
  | { readonly kind: "backpressure.step.ended"; readonly step: StepRecord; readonly attempt: number }
  | {
      readonly kind: "backpressure.ended";
      readonly verdict: BackpressureRecord["verdict"];
      readonly why: string;
    };

export type BackpressureListener = (event: BackpressureEvent) => void;
