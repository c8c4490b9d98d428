import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { FaultRecord, RunRecord, ScenarioRecord, TriggerRecord } from "../../evidence/index.ts";
import { fixtureRun, fixtureScenario } from "../testing/run-fixture.ts";
import { renderHtml } from "./run-page.ts";

const run = fixtureRun();
const pageOf = (scenario: ScenarioRecord, changes: Partial<RunRecord> = {}) =>
  renderHtml({ ...run, scenarios: [scenario], ...changes });
const textOf = (html: string) =>
  html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

describe("the page", () => {
  it("refers to nothing outside itself: no link, image or script from elsewhere", () => {
    const html = renderHtml(run).replace(/<script[\s\S]*?<\/script>/g, "");
    expect(html).not.toMatch(/(?:src|href)="(?!#|\.\/|run\.json)/);
    expect(html).not.toMatch(/url\(|@import/);
  });

  it("allows exactly the scripts that it contains", () => {
    const html = renderHtml(run);
    const hashes = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
      ([, source = ""]) => `'sha256-${createHash("sha256").update(source).digest("base64")}'`,
    );
    expect(hashes).toHaveLength(3);
    const policy = /script-src ([^;]*);/.exec(html.replaceAll("&#39;", "'"))?.[1];
    expect(policy).toBe(hashes.join(" "));
  });

  it("expands what did not pass, and collapses the rest when there are many", () => {
    const html = renderHtml(run);
    const open = [...html.matchAll(/<details class="scenario (\w+)"[^>]* open>/g)].map(
      ([, verdict]) => verdict,
    );
    expect(open).toEqual(["fail", "inconclusive"]);
    expect(pageOf(fixtureScenario("steady-state"))).toMatch(/<details class="scenario pass"[^>]* open>/);
  });

  it("states when each trigger fired after the fault, and which did not although it had to", () => {
    const text = textOf(renderHtml(run));
    expect(text).toContain("2.8 s ApiLatencyP95High");
    expect(text).toContain("did not fire FeedStale");
    expect(text).toContain("none expected, none fired");
  });

  it("marks a trigger that fired although it should have stayed quiet", () => {
    const scenario = fixtureScenario("db-latency");
    const triggers = scenario.triggers.map(
      (item): TriggerRecord => ({ ...item, expected: "quiet", verdict: "fail" }),
    );
    expect(textOf(pageOf({ ...scenario, triggers }))).toContain(
      "fired at 7.8 s, 2.8 s after the fault, but should not have",
    );
  });

  it("collapses the triggers that stayed quiet to one line, above the charts and in the table", () => {
    const html = pageOf(fixtureScenario("db-latency"));
    expect(html).toMatch(/<details class="quiet-lanes"><summary>4 more triggers did not fire<\/summary>/);
    const drawn = html.slice(html.indexOf('class="lanes"'), html.indexOf('class="quiet-lanes"'));
    expect([...drawn.matchAll(/data-trigger/g)]).toHaveLength(1);
    expect(textOf(drawn)).toContain("Expected trigger ApiLatencyP95High");
    expect(html).toContain("<summary>4 more did not fire</summary>");
    const quiet = fixtureScenario("steady-state");
    const triggers = quiet.triggers.filter(({ expected }) => expected === "quiet").slice(1);
    expect(pageOf({ ...quiet, triggers })).toContain("<summary>4 triggers did not fire</summary>");
  });

  it("distinguishes a trigger that had to fire from one that was allowed and one that was not expected", () => {
    const scenario = fixtureScenario("db-latency");
    const [due] = scenario.triggers;
    if (due === undefined) throw new RangeError("expected a trigger in the made-up scenario");
    const triggers: TriggerRecord[] = [
      { ...due, name: "Allowed", expected: "either" },
      { ...due, name: "Due" },
      { ...due, name: "Unexpected", expected: "quiet", verdict: "fail", firedAfterFaultMs: null },
    ];
    expect(textOf(pageOf({ ...scenario, triggers }))).toContain(
      "at 7.8 s Unexpected, not expected 2.8 s Due also 2.8 s Allowed",
    );
  });

  it("explains why a scenario did not pass by the checks that did not hold", () => {
    const html = pageOf(fixtureScenario("feed-silent"));
    expect(html).toContain(
      '<li><strong>the fault touched something</strong>: 0 connections <span class="quiet">(expected at least 1 connection)</span></li>',
    );
    expect([...html.matchAll(/<li><strong>/g)]).toHaveLength(1);
  });

  it("does not mention bytes when a fault carried none", () => {
    const scenario = fixtureScenario("pg-outage");
    const bite = { kind: "counted", connections: 8, bytes: 0, messages: null } as const;
    const faults = scenario.faults.map((item): FaultRecord => ({ ...item, bite }));
    expect(textOf(pageOf({ ...scenario, faults }))).toContain("8 connections ");
    expect(textOf(pageOf({ ...scenario, faults }))).not.toContain("0 B");
  });

  it("marks a fault that was never healed, and one that affected nothing", () => {
    const scenario = fixtureScenario("feed-silent");
    const faults = scenario.faults.map((item): FaultRecord => ({ ...item, healedAtMs: null }));
    const text = textOf(pageOf({ ...scenario, faults }));
    expect(text).toContain("from 5.0 s, never healed");
    expect(text).toContain("nothing , so it proves nothing");
  });

  it("does not claim to know what a fault affected", () => {
    const scenario = fixtureScenario("db-latency");
    const bite = { kind: "unknown", why: "this proxy does not count" } as const;
    const faults = scenario.faults.map((item): FaultRecord => ({ ...item, bite }));
    const text = textOf(pageOf({ ...scenario, faults }));
    expect(text).toContain("unknown: this proxy does not count");
    expect(text).toContain("Faults 1 0 with an effect");
  });

  it("contains the charts as figures too, with gaps as gaps", () => {
    const text = textOf(pageOf(fixtureScenario("feed-silent")));
    expect(text).toContain("BTCTurk staleness no data no data no data no data no data");
    expect(text).toContain("BTCTurk no data");
  });

  it("makes every log link relative, whatever its path looks like", () => {
    const logs = [
      { process: "platform", path: "javascript:alert(1)" },
      { process: "proxy", path: "logs/a b.log" },
    ];
    const html = pageOf({ ...fixtureScenario("steady-state"), logs });
    expect(html).toContain('href="./javascript%3Aalert(1)"');
    expect(html).toContain('href="./logs/a%20b.log"');
  });

  it("states what the verdict means for a release", () => {
    expect(textOf(pageOf(fixtureScenario("steady-state"), { verdict: "pass" }))).toContain(
      "Exit code 0 may release",
    );
    expect(textOf(renderHtml(run))).toContain("Exit code 1 does not release");
    expect(textOf(renderHtml({ ...run, verdict: "inconclusive" }))).toContain("Exit code 2 does not release");
  });

  it("has only a few megabytes for a nightly run of sixty scenarios", () => {
    expect(Buffer.byteLength(renderHtml(fixtureRun(60)))).toBeLessThan(4 * 1_024 * 1_024);
  });
});
