import type { CheckRecord } from "../../evidence/index.ts";
import type { MachineLoad } from "../observation/machine-load.ts";
import { NO_FALSE_ALARM } from "./judge.ts";

/** Beyond this share of contended time, what the clock measured says more about the machine than about the platform. */
export const CONTENDED_FROM = 0.1;

/** How much of the machine others used. Never worse than a pass by itself: contention only adds to latencies. */
export function judgeMachine(load: MachineLoad): CheckRecord {
  const check = { kind: "harness", name: "machine", expected: "left to the experiment" } as const;
  if (load.kind === "unknown") return { ...check, verdict: "pass", received: "not known here" };
  const received = `others used ${percent(load.foreignShare)} of it, and contended ${percent(load.contendedShare)} of the time`;
  return { ...check, verdict: "pass", received };
}

/**
 * On a machine that others fill, a platform is slow through no fault of its own: a failed measurement of time is no
 * evidence against it then, and becomes inconclusive. Nor is a trigger that fired and should not have; one that should
 * have and did not is a fail as ever.
 */
export function discountContended(checks: readonly CheckRecord[], load: MachineLoad): readonly CheckRecord[] {
  if (load.kind === "unknown" || load.contendedShare < CONTENDED_FROM) return checks;
  const why = `(but other programs filled the machine ${percent(load.contendedShare)} of the time)`;
  return checks.map((check) => {
    const ofTime =
      check.kind === "steady-state" || check.kind === "recovery" || check.name === NO_FALSE_ALARM;
    if (!ofTime || check.verdict !== "fail") return check;
    return { ...check, verdict: "inconclusive", received: `${check.received} ${why}` };
  });
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
