import type { CheckRecord } from "../../evidence/index.ts";
import { CONTENDED_FROM, isContended, type MachineLoad } from "../../machine/index.ts";
import { check } from "./check.ts";

/**
 * How much of the machine other programs used, where that is known. By itself it is always a pass:
 * contention only adds to latencies.
 */
export function judgeMachine(load: MachineLoad): readonly CheckRecord[] {
  if (load.kind === "unknown") return [];
  const { foreignShare, contendedShare, spans } = load;
  const expected = "had CPU left for the experiment";
  const used = `other programs used ${percent(foreignShare)} of its CPU`;
  const meaning =
    contendedShare < CONTENDED_FROM
      ? "too little to excuse a failure by time"
      : "failures by time are inconclusive";
  const received = `${used}, and contended ${percent(contendedShare)} of the time: ${meaning}`;
  return [
    check({ kind: "harness", name: "machine", basis: "count", expected }, () => ({
      verdict: "pass",
      received,
      judgedBy: { count: spans, noun: "sample" },
    })),
  ];
}

/**
 * While other programs fill the machine, a platform is slow through no fault of its own: a failed check of
 * time and a false alarm are then no evidence against it, and become inconclusive.
 */
export function discountContended(checks: readonly CheckRecord[], load: MachineLoad): readonly CheckRecord[] {
  if (load.kind === "unknown" || !isContended(load)) return checks;
  const why = `(but other programs used the machine's CPU ${percent(load.contendedShare)} of the time)`;
  return checks.map((each) => {
    if ((each.basis !== "time" && each.basis !== "alarm") || each.verdict !== "fail") return each;
    return { ...each, verdict: "inconclusive", received: `${each.received} ${why}` };
  });
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
