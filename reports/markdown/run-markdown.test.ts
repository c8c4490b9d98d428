import { describe, expect, it } from "vitest";
import type { CheckRecord } from "../../evidence/index.ts";
import { fixtureRun, fixtureScenario } from "../testing/run-fixture.ts";
import { renderMarkdown, STEP_SUMMARY_LIMIT_BYTES } from "./run-markdown.ts";

describe("the step summary", () => {
  it("contains the verdict, scenarios worst first, and the details of what did not pass", () => {
    const text = renderMarkdown(fixtureRun());
    expect(text).toMatch(/^## ❌ FAIL: Nightly resilience run\n/);
    expect(text).toMatch(
      /\| ❌ fail \| binance-ack-lost \| every client order id .*\n\| ❔ inconclusive \| feed-silent /,
    );
    expect(text).toContain("### ❌ binance-ack-lost");
    expect(text).toContain("### ❔ feed-silent");
    expect(text).not.toContain("### ✅");
    expect(text).toContain("```sh\nnpm start -- run binance-ack-lost --seed 7003\n```");
    expect(text).not.toContain("hidden");
  });

  it("states what fired in a passed scenario", () => {
    expect(renderMarkdown(fixtureRun())).toContain(
      "| ✅ pass | db-latency | ApiLatencyP95High fired 2.8 s after the fault |",
    );
  });

  it("stays below GitHub's limit, and states how many scenarios it hides", () => {
    const lost = fixtureScenario("binance-ack-lost");
    const [check] = lost.checks;
    if (check === undefined) throw new RangeError("expected a check in the made-up scenario");
    const checks = Array.from({ length: 50 }, (_, index): CheckRecord => {
      return { ...check, verdict: "fail", received: `${index} ${"ü".repeat(380)}` };
    });
    const scenario = { ...lost, checks };
    const text = renderMarkdown({ ...fixtureRun(), scenarios: Array.from({ length: 400 }, () => scenario) });
    expect(Buffer.byteLength(text)).toBeLessThan(STEP_SUMMARY_LIMIT_BYTES);
    const hidden = Number(/details of (\d+) are hidden/.exec(text)?.[1]);
    expect(hidden + [...text.matchAll(/^### /gm)].length).toBe(400);
    expect(text).not.toContain("scenarios are hidden");
  });

  it("hides rows last, and never half of one", () => {
    const text = renderMarkdown(fixtureRun(60), 8_192);
    expect(Buffer.byteLength(text)).toBeLessThan(8_192);
    const rows = [...text.matchAll(/^\| [❌❔✅] .*\|$/gmu)].length;
    expect(text).toContain(`**${60 - rows} of 60 scenarios are hidden**`);
  });

  it("shows every text literally", () => {
    const name = "a|b `c` <img src=x> [d](http://e) #1 @f\ng";
    const scenario = { ...fixtureScenario("feed-silent"), name, command: "echo ```" };
    const text = renderMarkdown({ ...fixtureRun(), scenarios: [scenario] });
    expect(text).toContain("a\\|b \\`c\\` \\<img src=x\\> \\[d\\]\\(http\\://e\\) \\#1 \\@f g");
    expect(text).toContain("````sh\necho ```\n````");
  });
});
