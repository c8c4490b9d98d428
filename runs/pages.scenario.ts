import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completeScenario, type Scenario } from "../harness/index.ts";
import { type PageCode, writePageCode } from "./testing/page-code.ts";
import { expectAllPass, runOnce } from "./testing/suite.ts";

describe("the scenario in docs/add-a-scenario.md", () => {
  let code: PageCode;
  let scenario: Scenario;
  beforeAll(async () => {
    code = await writePageCode("add-a-scenario.md");
    const module = await import(code.pathOf("scenarios/btcturk-reply-lost.ts"));
    scenario = completeScenario(module.btcturkReplyLost);
  });
  afterAll(async () => {
    await rm(code.folder, { recursive: true, force: true });
  });

  it("passes on a platform that looks orders up", async () => {
    const record = await runOnce(scenario, {});
    expectAllPass(record.checks, record.command);
  });

  it("fails on one that sends them again, as the page says", async () => {
    const record = await runOnce(scenario, { environment: { SPARK_DEFECTS: "blind-retry" } });
    const failed = record.checks.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
    expect(failed).toContain("no-duplicate-orders");
  });
});
