import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { parseRules } from "../alerting/load-rules.ts";
import type { RuleGroup } from "../alerting/rule.ts";
import { GOLDEN_SIGNALS } from "../golden-signals.ts";
import { objectiveGroups } from "../objectives/objective-rules.ts";
import { ALL_RULE_FILES } from "../rule-files.ts";
import { COMPLETE_TARGET, type ExportTarget } from "./export-target.ts";

const HEAD = `# Written by \`kanit export prometheus\`: the golden signals as series, the twenty triggers with their
# siblings for missing data, and the error budgets of the objectives.
`;

/** A rule and a group as they stand in a file; fields that are only copied are not named. */
type WrittenRule = Readonly<Record<string, unknown>> & { readonly expr: string };
type WrittenGroup = Readonly<Record<string, unknown>> & { readonly rules: readonly WrittenRule[] };

/**
 * All rules that a Prometheus needs to watch a release of this platform, as one rule file: first those that make the
 * field's metrics of its own, then those on the field's metrics. What reads a metric or a venue that the platform lacks
 * is left out and listed at the head: an alert on missing data would fire forever.
 */
export async function renderRules(target: ExportTarget = COMPLETE_TARGET): Promise<string> {
  const triggers = await Promise.all(
    ALL_RULE_FILES.map(async (path) => groupsOf(await readFile(path, "utf8"))),
  );
  // Without the names by which it was composed: the rules as Prometheus reads them.
  const all = groupsOf(stringify({ groups: [goldenGroup(), ...triggers.flat(), ...objectiveGroups()] }));
  const known = parseRules(stringify({ groups: all }), "the exported rules");
  const leftOut: string[] = [];
  const groups = all.map((group) => ({
    ...group,
    rules: group.rules.flatMap((rule) => {
      const needs = target.needs(rule.expr, known);
      if (needs.length > 0) leftOut.push(`#   ${nameOf(rule)}: needs ${needs.join(", ")}\n`);
      return needs.length > 0 ? [] : [{ ...rule, expr: target.adapt(rule.expr) }];
    }),
  }));
  const kept = [...target.mapping.map(writtenMapping), ...groups.filter(({ rules }) => rules.length > 0)];
  const absent =
    leftOut.length === 0 ? "" : `# Left out, because the platform lacks what they need:\n${leftOut.join("")}`;
  return HEAD + absent + stringify({ groups: kept }, { lineWidth: 0 });
}

function groupsOf(text: string): readonly WrittenGroup[] {
  return (parse(text) as { readonly groups: readonly WrittenGroup[] }).groups;
}

function nameOf({ alert, record }: WrittenRule): string {
  return String(alert ?? record);
}

/** A group of a platform's mapping; its rules only record. */
function writtenMapping({ name, intervalMs, rules }: RuleGroup) {
  return {
    name,
    ...(intervalMs === null ? {} : { interval: `${intervalMs}ms` }),
    rules: rules.map((rule) => ({
      record: rule.name,
      expr: rule.text,
      ...(Object.keys(rule.labels).length === 0 ? {} : { labels: rule.labels }),
    })),
  };
}

function goldenGroup() {
  return {
    name: "golden-signals",
    interval: "15s",
    rules: GOLDEN_SIGNALS.map(({ id, query }) => ({ record: `golden:${id}`, expr: query })),
  };
}
