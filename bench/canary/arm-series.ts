import { CANARY_SIGNALS } from "../../gates/canary/judge/canary-signal.ts";
import type { ArmLook, CanaryLook } from "../../gates/canary/judge/growth.ts";
import { signalValue } from "../../gates/canary/judge/growth-value.ts";

/** The values of an arm at each look, as a Prometheus would answer for them. Looks without a value are left out. */
export interface ArmSeries {
  readonly latency: readonly number[];
  readonly errors: readonly number[];
}

/** Returns both arms as series of values, which is all that other judges see. */
export function seriesOf(looks: readonly CanaryLook[]): {
  readonly stable: ArmSeries;
  readonly candidate: ArmSeries;
} {
  const of = (arm: (look: CanaryLook) => ArmLook): ArmSeries => ({
    latency: valuesOf(looks.map(arm), "api_latency_p95"),
    errors: valuesOf(looks.map(arm), "http_errors"),
  });
  return { stable: of(({ stable }) => stable), candidate: of(({ candidate }) => candidate) };
}

/** Returns which part of the golden signals has no value of the candidate at all. */
export function missingPart(looks: readonly CanaryLook[]): number {
  const candidates = looks.map(({ candidate }) => candidate);
  const missing = CANARY_SIGNALS.filter(({ id }) => valuesOf(candidates, id).length === 0);
  return missing.length / CANARY_SIGNALS.length;
}

function valuesOf(arms: readonly ArmLook[], id: string): readonly number[] {
  const signal = CANARY_SIGNALS.find((each) => each.id === id);
  if (signal === undefined) throw new TypeError(`expected a signal ${id}`);
  return arms.flatMap(({ growths }) => {
    const growth = growths[id];
    const value = growth?.kind === "measured" ? signalValue(signal, growth.value) : null;
    return value === null ? [] : [value];
  });
}
