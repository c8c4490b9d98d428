import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { faultLabel } from "../../chaos/index.ts";
import { type Act, drilledRules } from "../../harness/index.ts";
import { readConfig } from "../../platform/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles, parsePromql } from "../../signals/index.ts";
import { DRILL_CONDITIONS, QUIET } from "./catalog.ts";

const groups = await loadRuleFiles(ALL_RULE_FILES);
const names = alertsOf(groups).map((alert) => alert.name);

/** The variables that Spark requires. */
const NEEDED = {
  DATABASE_URL: "postgresql://spark@127.0.0.1/spark",
  BINANCE_REST_URL: "http://127.0.0.1:1",
  BINANCE_WS_URL: "ws://127.0.0.1:1",
  BTCTURK_REST_URL: "http://127.0.0.1:1",
  BTCTURK_WS_URL: "ws://127.0.0.1:1",
  BIST_WS_URL: "ws://127.0.0.1:1",
};

describe("the conditions of the drills", () => {
  it("have distinct names", () => {
    const all = [...DRILL_CONDITIONS, QUIET].map((condition) => condition.name);
    expect(new Set(all).size).toBe(all.length);
  });

  it("cover every trigger, and every sibling for missing data", () => {
    const without = drilledRules(groups, DRILL_CONDITIONS).filter(
      ({ conditions }) => conditions.length === 0,
    );
    expect(without.map(({ rule }) => rule.name)).toEqual([]);
  });

  it("are made for triggers by name, each of the twenty by at least one", () => {
    const triggers = names.filter((name) => !name.endsWith("Absent"));
    const made = new Set(DRILL_CONDITIONS.flatMap((condition) => condition.triggers));
    expect([...made].toSorted()).toEqual(triggers.toSorted());
  });

  it("say that they are made for Spark where they use its variables, its paths or its statements", () => {
    const usesPaths = (act: Act) => act.kind === "load" && act.load.workload.kind === "request";
    const usesStatements = (act: Act) => act.kind === "fault" && act.fault.kind === "pg-error-reply";
    for (const { name, madeFor, environment, acts } of DRILL_CONDITIONS) {
      const isForSpark =
        Object.keys(environment).length > 0 || acts.some((act) => usesPaths(act) || usesStatements(act));
      expect(madeFor, name).toBe(isForSpark ? "spark" : null);
    }
  });

  it("change a metric of the triggers that they are made for", () => {
    const byMetrics = DRILL_CONDITIONS.map((condition) => ({ ...condition, triggers: [] }));
    for (const { rule, conditions } of drilledRules(groups, byMetrics)) {
      const own = DRILL_CONDITIONS.find((condition) => condition.triggers.includes(rule.name));
      if (own === undefined) continue;
      expect(
        conditions.map((condition) => condition.name),
        rule.name,
      ).toContain(own.name);
    }
  });

  it("are confirmed by expressions that parse", () => {
    for (const { name, confirmedBy: shownBy } of [...DRILL_CONDITIONS, QUIET]) {
      expect(() => parsePromql(shownBy.expression), name).not.toThrow();
    }
  });

  it("start the platform with variables that it reads, and with valid values", () => {
    const changed = DRILL_CONDITIONS.filter(({ environment }) => Object.keys(environment).length > 0);
    expect(changed.length).toBeGreaterThan(0);
    for (const { name, environment } of changed) {
      for (const [variable, value] of Object.entries(environment)) {
        expect(readConfig({ ...NEEDED, [variable]: value }), `${name}: ${variable}`).not.toEqual(
          readConfig(NEEDED),
        );
      }
    }
  });

  it("are listed in docs/drill-conditions.md (`vitest run scenarios/drills --update` writes it)", async () => {
    await expect(document()).toMatchFileSnapshot(
      fileURLToPath(new URL("../../docs/drill-conditions.md", import.meta.url)),
    );
  });
});

function document(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = DRILL_CONDITIONS.map((condition) => {
    const planted = Object.entries(condition.environment).map(([name, value]) =>
      name === "SPARK_DEFECTS" ? `planted bug \`${value}\`` : `platform with \`${name}=${value}\``,
    );
    const done = [...planted, ...condition.acts.map(describeAct)].join("; ");
    const made = condition.triggers.length === 0 ? "–" : condition.triggers.join(", ");
    const cells = [`\`${condition.name}\``, condition.summary, done, condition.confirmedBy.what, made];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  return [
    "# What a drill can make happen",
    "",
    "Written from `scenarios/drills/` by `vitest run --project unit scenarios/drills --update`; [drills.md](drills.md) says what",
    "drills are. Rules that no condition was made for are drilled with those that change the metrics which they name.",
    "",
    "| condition | what is the matter | what is done | seen by | made for |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function describeAct(act: Act): string {
  switch (act.kind) {
    case "fault":
      return faultLabel(act.fault);
    case "load":
      return act.what;
    case "blind":
      return `the metrics of ${act.source} are lost`;
  }
}
