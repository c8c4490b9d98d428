import type { BackpressureRecord, EnvironmentRecord, StepRecord } from "../../evidence/index.ts";

/** What a search is, published before anything else: enough to make its record from the journal, should it not end. */
export type BackpressureOpening = Pick<
  BackpressureRecord,
  | "runId"
  | "title"
  | "command"
  | "seed"
  | "platform"
  | "startedAt"
  | "cores"
  | "objective"
  | "mustHoldRps"
  | "regions"
>;

/** The events of a search, for display and for the journal. */
export type BackpressureEvent =
  | ({ readonly kind: "backpressure.started"; readonly ratesRps: readonly number[] } & BackpressureOpening)
  | { readonly kind: "backpressure.environment"; readonly environment: EnvironmentRecord }
  | { readonly kind: "backpressure.lab.ready"; readonly labId: string; readonly tookMs: number }
  | { readonly kind: "backpressure.planted"; readonly planted: readonly string[] }
  | { readonly kind: "backpressure.step.started"; readonly rateRps: number; readonly attempt: number }
  | { readonly kind: "backpressure.step.ended"; readonly step: StepRecord; readonly attempt: number }
  | ({ readonly kind: "backpressure.ended" } & Pick<
      BackpressureRecord,
      "verdict" | "why" | "endedAt" | "steps" | "heldRps" | "outcome"
    >);

export type BackpressureListener = (event: BackpressureEvent) => void;
