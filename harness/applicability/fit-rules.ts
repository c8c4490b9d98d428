import type { NotApplicable } from "../../evidence/index.ts";
import type { RuleGroup } from "../../signals/index.ts";
import { lackedBy, type Means } from "./lacks.ts";

/** The rules that apply to a platform, and the alerts that do not. */
interface FittedRules {
  readonly groups: readonly RuleGroup[];
  readonly notApplicable: readonly NotApplicable[];
}

/**
 * Takes out of rule groups the alerts whose metrics or venues a platform lacks. An alert that can have no data would be
 * watched in vain; whether its silence matters, whoever expects it to fire has to say.
 */
export function fitRules(groups: readonly RuleGroup[], means: Means): FittedRules {
  const notApplicable: NotApplicable[] = [];
  const fitted = groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => {
      const lacked = rule.kind === "alert" ? lackedBy(means, rule.expr, groups) : [];
      if (lacked.length > 0) notApplicable.push({ what: rule.name, needs: lacked.join(", ") });
      return lacked.length === 0;
    }),
  }));
  return { groups: fitted, notApplicable };
}
