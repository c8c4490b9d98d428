import type { ExperimentRecord } from "../experiment/experiment-record.ts";

/** What failed, without the numbers and ids of a single run. Failures of one signature count as one defect. */
export interface Signature {
  /** The name of the check that names the defect best. */
  readonly check: string;
  /** The kind of problem that it found. */
  readonly problem: string;
}

type Check = ExperimentRecord["checks"][number];

/** An invariant says what is wrong; that nothing works any more only follows from it. */
const KINDS_BY_MEANING: readonly Check["kind"][] = ["invariant", "harness", "recovery"];

/** Every failure of an experiment, the one that says most first. */
export function signaturesOf(checks: readonly Check[]): readonly Signature[] {
  const rank = ({ kind }: Check) => KINDS_BY_MEANING.indexOf(kind);
  return checks
    .filter(({ verdict }) => verdict === "fail")
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ name, received }) => ({ check: name, problem: problemIn(received) }));
}

/** One text for it, to compare and to group by. */
export function textOf({ check, problem }: Signature): string {
  return `${check}: ${problem}`;
}

/** Whether an experiment failed in this way, whatever else was wrong. */
export function hasSignature(checks: readonly Check[], signature: Signature): boolean {
  return signaturesOf(checks).some((each) => textOf(each) === textOf(signature));
}

/**
 * The kind of problem in the text of a finding: `2 of 7 orders: 1 never settled, 1 lost; …` is `never settled`. The
 * most frequent kind comes first. Numbers, ids and prices differ from run to run.
 */
function problemIn(received: string): string {
  const [summary = ""] = received.split(";");
  const counted = /^\d+ of \d+ [^:]*: \d+ ([^,]*)/.exec(summary);
  if (counted?.[1] !== undefined) return counted[1].trim();
  return summary
    .replaceAll(/\b[0-9a-f]{8,}(-[0-9a-f]+)*\b/g, "#")
    .replaceAll(/\d[\d.]*/g, "#")
    .trim();
}
