import { counted } from "../../core/index.ts";
import type { CheckRecord } from "../../evidence/index.ts";
import type { LoadResult } from "../../load/index.ts";
import type { Measured } from "../observation/measured.ts";
import { check } from "./check.ts";

/** Whether the platform's definition or its driver could map everything: what it could not, nobody has learned. */
export function judgeMapping(
  { unmapped, totals }: Pick<LoadResult, "unmapped" | "totals">,
  { mappingFailures }: Pick<Measured, "mappingFailures">,
): CheckRecord {
  const question = { kind: "harness", name: "definition of the platform", basis: "count" } as const;
  return check({ ...question, expected: "maps every request, answer and metric" }, () => {
    const judgedBy = { count: totals.operations, noun: "operation" };
    if (mappingFailures.length > 0)
      return { verdict: "inconclusive", received: mappingFailures.join("; "), judgedBy };
    if (unmapped.count === 0) return { verdict: "pass", received: "all of them", judgedBy };
    const received = `${counted(unmapped.count, "operation")} not asked or not understood; the first: ${unmapped.first ?? "unknown"}`;
    return { verdict: "inconclusive", received, judgedBy };
  });
}

/** What clients could not learn because of the definition is no evidence against the platform. */
export function discountUnmapped(
  checks: readonly CheckRecord[],
  { unmapped }: Pick<LoadResult, "unmapped">,
): readonly CheckRecord[] {
  if (unmapped.count === 0) return checks;
  return checks.map((each) => {
    if (each.basis === "count" || each.verdict !== "fail") return each;
    const received = `${each.received} (but not every question could be asked and its answer understood)`;
    return { ...each, verdict: "inconclusive", received };
  });
}
