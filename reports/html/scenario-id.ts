import type { ScenarioRecord } from "../../evidence/index.ts";

/** The fragment of a scenario's section. The index distinguishes scenarios with similar names. */
export function scenarioId({ name }: ScenarioRecord, index: number): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `s${index + 1}-${slug === "" ? "scenario" : slug}`;
}
