import { describe, expect, it } from "vitest";
import { fixtureCanary, fixtureSignal } from "../testing/canary-fixture.ts";
import { renderCanaryHtml } from "./canary-page.ts";

describe("the page of a canary", () => {
  it("loads itself again while the canary goes on, and stays as the report", () => {
    expect(renderCanaryHtml(fixtureCanary())).toContain('<meta http-equiv="refresh" content="2">');
    const ended = renderCanaryHtml(fixtureCanary({ endedAt: "2026-03-02T09:20:00Z", verdict: "pass" }));
    expect(ended).not.toContain("refresh");
    expect(ended).toContain('<span id="verdict">PASS</span>');
  });

  it("draws both arms over each other, with the stages and a limit that is near", () => {
    const page = renderCanaryHtml(fixtureCanary());
    expect(page.match(/<path class="stable" d="M[^"]+L/g)).toHaveLength(1);
    expect(page.match(/<path class="candidate" d="M[^"]+L/g)).toHaveLength(1);
    expect(page).toContain("nothing was measured");
    expect(page).toContain(">5 %</text>");
    expect(page).not.toContain('class="limit" x1');
    const [stage] = fixtureCanary().stages;
    const signals = [fixtureSignal({ limitValue: 0.05 })];
    const near = stage === undefined ? [] : [{ ...stage, signals }];
    expect(renderCanaryHtml(fixtureCanary({ stages: near }))).toContain('class="limit" x1');
  });

  it("draws a look of the candidate that has no neighbors as a dot, which a dashed line would not show", () => {
    const { atMs } = fixtureCanary();
    const stable = atMs.map(() => 0.04);
    const candidate = atMs.map((_, index) => (index === 1 ? 0.05 : null));
    const curves = [{ signal: "api_latency_p95", stable, candidate }];
    const page = renderCanaryHtml(fixtureCanary({ curves }));
    expect(page).toMatch(
      /<path class="candidate" d=""\/><path class="candidate dots" d="M[\d.]+ [\d.]+h0"\/>/,
    );
  });

  it("has of each verdict the query, the samples of both arms, statistic, interval and limit", () => {
    const page = renderCanaryHtml(fixtureCanary());
    for (const text of [
      "41 ms of 1,500 requests, needs 900",
      "40 ms of 28,500 requests",
      "log-rank test 10^-0.4 against the stable",
      "1.02 times the stable&#39;s odds, 0.90 to 1.20 at all looks together",
      "at most 200 ms",
      "http_request_duration_seconds_bucket",
    ]) {
      expect(page).toContain(text);
    }
  });

  it("runs nothing that a target answered", () => {
    const hostile = `</p><script>globalThis.owned=1</script>"'`;
    const page = renderCanaryHtml(fixtureCanary({ lead: hostile, release: hostile, problems: [hostile] }));
    expect(page).not.toContain("<script");
  });
});
