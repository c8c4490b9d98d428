import { isContended, type MachineLoad } from "../../machine/index.ts";
import { type BlastCheck, type BlastMeasurement, judgeBlast } from "./blast-check.ts";

/** Others that use less of the machine while it is full are its ordinary noise. */
const FOREIGN_FROM = 0.15;

/** How busy the machine of a probe was, as far as that is known. */
export interface ProbedMachine {
  readonly load: MachineLoad;
  /** The share of its CPU time that the probed platform itself used; 0 for one on another machine, or unknown. */
  readonly platformShare: number;
}

/**
 * The checks of a probe whose machine other programs filled: what fails only by answers that came late, or not in time,
 * is then no evidence against the platform. A platform that fills the machine itself is not excused.
 *
 * @param inTime What was measured, with each late answer and pong taken for one in time.
 */
export function discountContended(
  checks: readonly BlastCheck[],
  inTime: BlastMeasurement,
  machine: ProbedMachine,
): readonly BlastCheck[] {
  const share = othersShare(machine);
  if (share === null) return checks;
  const failsAnyway = new Set(
    judgeBlast(inTime).flatMap(({ name, verdict }) => (verdict === "fail" ? [name] : [])),
  );
  const judged = new Set(judgeBlast(inTime).map(({ name }) => name));
  const why = `(but other programs used ${Math.round(share * 100)} % of the machine's CPU)`;
  return checks.map((check) => {
    if (check.verdict !== "fail" || !judged.has(check.name) || failsAnyway.has(check.name)) return check;
    return { ...check, verdict: "inconclusive", received: `${check.received} ${why}` };
  });
}

/** The share of CPU time that neither kanit nor the platform used, where the machine was filled; null otherwise. */
function othersShare({ load, platformShare }: ProbedMachine): number | null {
  if (load.kind === "unknown" || !isContended(load)) return null;
  const share = load.foreignShare - platformShare;
  return share >= FOREIGN_FROM * load.contendedShare ? share : null;
}
