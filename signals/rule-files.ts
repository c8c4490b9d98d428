import { fileURLToPath } from "node:url";
import { loadRules } from "./alerting/load-rules.ts";
import type { RuleGroup } from "./alerting/rule.ts";

const pathOf = (name: string): string => fileURLToPath(new URL(`rules/${name}`, import.meta.url));

/** The standard triggers and the auto-guards, which every run watches. */
export const RULE_FILES: readonly string[] = ["standard.yml", "auto-guards.yml"].map(pathOf);

/** All twenty triggers. The last file also needs Postgres's own statistics (`postgresSource`). */
export const ALL_RULE_FILES: readonly string[] = [
  ...RULE_FILES,
  ...["enhanced.yml", "signal-enrichment.yml"].map(pathOf),
];

/** Loads rule files, in order; by default those that every run watches. */
export async function loadRuleFiles(paths: readonly string[] = RULE_FILES): Promise<readonly RuleGroup[]> {
  return (await Promise.all(paths.map(loadRules))).flat();
}
