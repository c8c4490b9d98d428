import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runRuleTests } from "../signals/index.ts";
import { readRunFacts } from "./read-run-facts.ts";
import { DEFAULT_TIME_SCALE } from "./run-experiments.ts";
import { loadFile } from "./selection/loaded-file.ts";
import { compilerComplaints, type PageCode, writePageCode } from "./testing/page-code.ts";

/** The compiler reads the whole project once. */
const COMPILING_TAKES_MS = 120_000;

describe("the code in the pages on adding to the catalog", () => {
  let scenarioPage: PageCode;
  let triggerPage: PageCode;
  beforeAll(async () => {
    scenarioPage = await writePageCode("add-a-scenario.md");
    triggerPage = await writePageCode("add-a-trigger.md");
  });
  afterAll(async () => {
    for (const { folder } of [scenarioPage, triggerPage]) await rm(folder, { recursive: true, force: true });
  });

  it("compiles under the project's own options", { timeout: COMPILING_TAKES_MS }, () => {
    const paths = [scenarioPage, triggerPage].flatMap(({ modules, pathOf }) => modules.map(pathOf));
    expect(paths).toHaveLength(2);
    expect(compilerComplaints(paths)).toEqual([]);
  });

  it("is a scenario in YAML that can be carried out", async () => {
    const file = await loadFile(
      scenarioPage.pathOf("chaos/slow-venue.yml"),
      await readRunFacts(DEFAULT_TIME_SCALE, "local"),
    );
    expect(file).toMatchObject({ mistakes: [], warnings: [], scenarios: [{ name: "slow-venue" }] });
  });

  it("is a rule that passes its six cases", async () => {
    const outcomes = await runRuleTests(triggerPage.pathOf("signals/rules/tests/order-flow.test.yml"));
    expect(outcomes).toHaveLength(6);
    expect(outcomes.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  });
});
