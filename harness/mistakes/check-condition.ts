import { type Mistake, parseData, unknownName } from "../../core/index.ts";
import { alertsOf, PROMQL_SCHEMA, type RuleGroup } from "../../signals/index.ts";
import type { DrillCondition } from "../drill/condition.ts";
import { LAB_FAULT_SCHEMA } from "../experiment/lab-fault.ts";

/**
 * Finds what is wrong with a condition of drills, before any lab is started: faults that cannot act on their link, and
 * triggers that no rule has.
 *
 * @param groups The rules that it was made for; null where those of the drill are others.
 */
export function checkCondition(
  condition: DrillCondition,
  groups: readonly RuleGroup[] | null,
): readonly Mistake[] {
  const faults = condition.acts.flatMap((act, index) => {
    const parsed = act.kind === "fault" ? parseData(LAB_FAULT_SCHEMA, act.fault) : null;
    return parsed?.kind === "mistakes" ? under(["acts", index, "fault"], parsed.mistakes) : [];
  });
  const proof = parseData(PROMQL_SCHEMA, condition.confirmedBy.expression);
  const known = groups === null ? null : alertsOf(groups).map(({ name }) => name);
  return [
    ...faults,
    ...(proof.kind === "mistakes" ? under(["confirmedBy", "expression"], proof.mistakes) : []),
    ...condition.triggers.flatMap((name, index) =>
      known === null || known.includes(name)
        ? []
        : [unknownName(["triggers", index], "a trigger of the rules", name, known)],
    ),
  ];
}

function under(path: Mistake["path"], mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.map((mistake) => ({ ...mistake, path: [...path, ...mistake.path] }));
}
