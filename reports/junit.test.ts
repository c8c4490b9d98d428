import { describe, expect, it } from "vitest";
import type { RunRecord } from "../evidence/index.ts";
import { renderJunit } from "./junit.ts";
import { fixtureRun, fixtureScenario } from "./testing/run-fixture.ts";

const run = fixtureRun();
const withScenarios = (...scenarios: RunRecord["scenarios"]): RunRecord => ({ ...run, scenarios });
const countOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;

describe("junit.xml", () => {
  it("states for each passed check how much it was judged by", () => {
    const xml = renderJunit(fixtureRun());
    expect(xml).toContain("<system-out>held on 2,104 venue orders</system-out>");
    expect(xml).toContain("<system-out>held on 80 evaluations</system-out>");
  });

  it("has a suite for each scenario, a case for each check, and one for the scenario's own verdict", () => {
    const xml = renderJunit(run);
    const checkCount = run.scenarios.flatMap(({ checks }) => checks).length;
    expect(countOf(xml, /<testsuite /g)).toBe(run.scenarios.length);
    expect(countOf(xml, /<testcase /g)).toBe(checkCount + run.scenarios.length);
    expect(xml).toContain(
      `<testsuites name="Nightly resilience run" tests="${checkCount + 6}" failures="2" errors="2" time="140.400">`,
    );
  });

  it("shows a fail as a failure with what was expected, what came and how to repeat it", () => {
    const xml = renderJunit(withScenarios(fixtureScenario("binance-ack-lost")));
    expect(xml).toContain('<failure type="fail" message="every client order id reaches');
    expect(xml).toMatch(
      /expected: 0 duplicates\nreceived: 3 duplicates.*\njudged by 2,104 venue orders\nrepeat: {3}npm start -- run binance-ack-lost/,
    );
  });

  it("never shows what was inconclusive as green: it is an error, not a skip", () => {
    const xml = renderJunit(withScenarios(fixtureScenario("feed-silent")));
    expect(xml).toContain('<error type="inconclusive"');
    expect(xml).toMatch(/<testsuite name="feed-silent" tests="\d+" failures="0" errors="2"/);
    expect(xml).not.toContain("<skipped");
  });

  it("never shows a scenario as green that was not, even without a check", () => {
    for (const verdict of ["fail", "inconclusive"] as const) {
      const xml = renderJunit(withScenarios({ ...fixtureScenario("steady-state"), checks: [], verdict }));
      expect(xml).toMatch(/<testcase name="verdict"[^/]*>\n\s*<(failure|error) /);
    }
  });

  it("never shows a run as green that was worse than its scenarios, or that ran none", () => {
    const green = { ...withScenarios(fixtureScenario("steady-state")), verdict: "inconclusive" as const };
    expect(renderJunit(green)).toContain('<testsuite name="run" tests="1" failures="0" errors="1"');
    const empty = { ...withScenarios(), verdict: "inconclusive" as const };
    expect(renderJunit(empty)).toContain('<testsuite name="run" tests="1" failures="0" errors="1"');
  });

  it("adds nothing to a run that passed", () => {
    const xml = renderJunit({ ...withScenarios(fixtureScenario("steady-state")), verdict: "pass" });
    expect(xml).toContain('failures="0" errors="0"');
    expect(xml).not.toMatch(/<failure|<error|name="run"/);
  });

  it("writes time stamps without fraction and zone, as the schema wants them", () => {
    expect(renderJunit(run)).toContain('timestamp="2025-08-01T02:00:00"');
  });

  it("escapes markup, and drops what XML cannot hold", () => {
    const scenario = fixtureScenario("binance-ack-lost");
    const checks = scenario.checks.map((check) => ({ ...check, received: "]]><x/>\u0008 \ud800" }));
    const hostile = { ...scenario, name: `a"b<c>&'\u0000\u001b[31md`, checks };
    const xml = renderJunit(withScenarios(hostile));
    expect(xml).toContain('<testsuite name="a&quot;b&lt;c&gt;&amp;&apos;d"');
    expect(xml).toContain("]]&gt;&lt;x/&gt; \ufffd");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must be absent.
    expect(xml).not.toMatch(/[\u0000-\u0008\u001b]/);
  });
});
