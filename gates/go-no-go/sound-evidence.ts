import type { Clock } from "../../core/index.ts";
import { GATE_SCHEMA } from "../../evidence/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles } from "../../signals/index.ts";
import type { Commit, FiledOfRelease, Target } from "../engine/target.ts";

/**
 * Evidence as it is filed when everything passed at this commit, for drills of the decision: each gate's record, and
 * each other file with something in it.
 *
 * @param texts What some files say, by their names; `{release}` stands for the release.
 */
export function soundEvidence(
  { name: target, kind: targetKind, release }: Pick<Target, "name" | "kind" | "release">,
  commit: Commit | null,
  clock: Pick<Clock, "nowMs">,
  texts: Readonly<Record<string, string>>,
): FiledOfRelease {
  const sha = commit?.sha ?? null;
  return async (file) => {
    const atMs = clock.nowMs();
    const gate = /^gate_(.+)\.json$/.exec(file)?.[1];
    const record = {
      ...{ schema: GATE_SCHEMA, gate, verdict: "pass", targetKind, target, commit: sha },
      startedAt: new Date(atMs).toISOString(),
      checks: [{ id: "all-of-it", verdict: "pass" }],
    };
    const said = file === "drill.json" ? await drillText() : texts[file.replace(release, "{release}")];
    const text = said ?? (gate === undefined ? `what ${file} has\n` : JSON.stringify(record, null, 2));
    return { text, commit: sha, target, atMs };
  };
}

/** What a drill says in which each trigger fired. */
async function drillText(): Promise<string> {
  const rules = alertsOf(await loadRuleFiles(ALL_RULE_FILES));
  const triggers = rules.map(({ name }) => ({ trigger: name, outcome: "fired" }));
  return JSON.stringify({ triggers, notApplicable: [] });
}
