import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { GOLDEN_SIGNALS } from "../golden-signals.ts";
import { objectiveGroups } from "../objectives/objective-rules.ts";
import { ALL_RULE_FILES } from "../rule-files.ts";

const HEAD = `# Written by \`kanit export prometheus\`: the golden signals as series, the twenty triggers with their
# siblings for missing data, and the error budgets of the objectives.
`;

/** All rules that a Prometheus needs to watch a release, as one rule file. */
export async function renderRules(): Promise<string> {
  const triggers = await Promise.all(
    ALL_RULE_FILES.map(async (path) => groupsOf(await readFile(path, "utf8"))),
  );
  const groups = [goldenGroup(), ...triggers.flat(), ...objectiveGroups()];
  return HEAD + stringify({ groups }, { lineWidth: 0 });
}

function groupsOf(text: string): readonly unknown[] {
  return (parse(text) as { readonly groups: readonly unknown[] }).groups;
}

function goldenGroup() {
  return {
    name: "golden-signals",
    interval: "15s",
    rules: GOLDEN_SIGNALS.map(({ id, query }) => ({ record: `golden:${id}`, expr: query })),
  };
}
