import { execFileSync, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseRules } from "../alerting/load-rules.ts";
import { alertsOf } from "../alerting/rule.ts";
import { GOLDEN_SIGNALS } from "../golden-signals.ts";
import { parsePromql } from "../promql/parse-promql.ts";
import { ALL_RULE_FILES, loadRuleFiles } from "../rule-files.ts";
import { PANELS, renderDashboard } from "./dashboard.ts";
import { renderRules } from "./rules.ts";

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
const committed = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe("the exported rules", () => {
  it("are committed as they are generated (`vitest run signals/exports --update` writes them)", async () => {
    await expect(await renderRules()).toMatchFileSnapshot(committed("kanit-rules.yml"));
  });

  it("contain every trigger, every golden signal and every burn rate", async () => {
    const groups = parseRules(await renderRules(), "kanit-rules.yml");
    const names = new Set(alertsOf(groups).map(({ name }) => name));
    for (const { name } of alertsOf(await loadRuleFiles(ALL_RULE_FILES))) expect(names).toContain(name);
    for (const id of ["Availability", "Latency"]) {
      for (const window of ["1h", "6h", "1d", "3d"]) expect(names).toContain(`${id}BudgetBurns${window}`);
    }
    const text = await readFile(committed("kanit-rules.yml"), "utf8");
    for (const { id } of GOLDEN_SIGNALS) expect(text).toContain(`record: golden:${id}`);
  });

  it.skipIf(!hasPromtool)("are accepted by promtool (skipped where it is not on the PATH)", () => {
    const path = committed("kanit-rules.yml");
    const output = execFileSync("promtool", ["check", "rules", "--lint-fatal", path], { encoding: "utf8" });
    expect(output).toContain("SUCCESS");
  });
});

describe("the exported dashboard", () => {
  it("is committed as it is generated (`vitest run signals/exports --update` writes it)", async () => {
    await expect(renderDashboard()).toMatchFileSnapshot(committed("kanit-dashboard.json"));
  });

  it("has at least ten panels, the golden signals among them, and only queries that parse", () => {
    expect(PANELS.length).toBeGreaterThanOrEqual(10);
    const titles = PANELS.map(({ title }) => title);
    for (const { title } of GOLDEN_SIGNALS) expect(titles).toContain(title);
    for (const { title, queries } of PANELS) {
      for (const { expression } of queries) expect(() => parsePromql(expression), title).not.toThrow();
    }
  });

  it("has a separate position and the chosen data source for every panel", () => {
    const { panels } = JSON.parse(renderDashboard());
    const places = panels.map(
      ({ gridPos }: { gridPos: { x: number; y: number } }) => `${gridPos.x},${gridPos.y}`,
    );
    expect(new Set(places).size).toBe(panels.length);
    for (const { datasource } of panels) expect(datasource.uid).toBe("$datasource");
  });
});
