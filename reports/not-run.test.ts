import { describe, expect, it } from "vitest";
import type { RunRecord } from "../evidence/index.ts";
import { renderHtml } from "./html/run-page.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown/run-markdown.ts";
import { summaryOf } from "./summary/run-summary.ts";
import { renderTerminal } from "./terminal/run-terminal.ts";
import { fixtureRun, fixtureScenario } from "./testing/run-fixture.ts";

const WHY = "needs the kanit engine (KANIT_PROXY=kanit)";
const run: RunRecord = {
  ...fixtureRun(),
  verdict: "inconclusive",
  scenarios: ["steady-state", "db-latency"].map(fixtureScenario),
  notRun: ["ws-frames-swallowed", "commit-reply-lost"].map((name) => ({ name, why: WHY })),
};
const SENTENCE = `2 of 4 not run: ws-frames-swallowed, commit-reply-lost (${WHY}).`;

describe("a run that could not run every scenario", () => {
  it("is distinguished from one that passed, in every format", () => {
    expect(summaryOf(run)).toBe(`2 scenarios passed, and ${SENTENCE} That never releases.`);
    const lines = renderTerminal(run, { color: false, columns: 140, reportPath: "x" }).split("\n");
    expect(lines[0]).toMatch(/^INCONCLUSIVE /);
    expect(lines).toContain(`  ? ${SENTENCE}`);
    expect(renderHtml(run)).toContain(`<p class="reason" id="not-run">${SENTENCE}</p>`);
    expect(renderMarkdown(run)).toContain("2 of 4 not run: ws-frames-swallowed, commit-reply-lost");
    expect(renderJunit(run)).toContain('<error type="inconclusive"');
  });

  it("is repeated as a whole, since none of what ran is to blame", () => {
    const text = renderTerminal(run, { color: false, columns: 140, reportPath: "x" });
    expect(text).toContain(`Repeat  ${run.command}\n`);
  });

  it("names a failed scenario first", () => {
    const failed = { ...run, verdict: "fail" as const, scenarios: [fixtureScenario("binance-ack-lost")] };
    expect(summaryOf(failed)).toMatch(/^1 of 1 scenario failed\. binance-ack-lost/);
  });

  it("has no note when everything was run", () => {
    expect(renderHtml(fixtureRun())).not.toContain('id="not-run"');
  });
});

describe("what does not apply to a platform", () => {
  const [scenario] = fixtureRun().scenarios;
  if (scenario === undefined) throw new TypeError("Expected a scenario in the fixture.");
  const apart: RunRecord = {
    ...fixtureRun(),
    verdict: "pass",
    scenarios: [
      {
        ...scenario,
        verdict: "pass",
        notApplicable: [{ what: "CspViolationsHigh", needs: "csp_violations_total" }],
      },
    ],
    notApplicable: [
      { what: "feed-gap", needs: "BTCTurk" },
      { what: "venue-quirks", needs: "BTCTurk" },
    ],
  };

  it("is listed in every format by what it needs, and costs a pass nothing", () => {
    const text = renderTerminal(apart, { color: false, columns: 140, reportPath: "x" });
    expect(text).toMatch(/^PASS /);
    expect(text).toContain("  – Not applicable: feed-gap, venue-quirks (needs BTCTurk).\n");
    expect(text).toContain("  – Not applicable in some scenarios, which need csp_violations_total.\n");
    expect(renderHtml(apart)).toContain("feed-gap, venue-quirks (needs BTCTurk)");
    expect(renderHtml(apart)).toContain("<li>CspViolationsHigh: needs csp_violations_total</li>");
    expect(renderMarkdown(apart)).toContain("Not applicable: feed-gap, venue-quirks");
  });
});
