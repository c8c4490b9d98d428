import { describe, expect, it } from "vitest";
import { renderDrillHtml } from "./html/drill-page.ts";
import { renderDrillMarkdown } from "./markdown/drill-markdown.ts";
import { renderDrillTerminal } from "./terminal/drill-terminal.ts";
import { DRILL } from "./testing/drill-fixture.ts";

const terminal = (columns: number) =>
  renderDrillTerminal(DRILL, { color: false, columns, reportPath: "reports/out/drill-1/index.html" });

describe("a drill's table in the terminal", () => {
  it("states the verdict, and for each alert its condition and its two delays, or why it did not fire", () => {
    const lines = terminal(120).split("\n");
    expect(lines[0]).toBe("FAIL  mine.yml · 1 of 2 fired · 1 min 30 s · seed 1 · time scale 60");
    expect(lines[2]).toMatch(/✓ TooSlow +slow-venue +6\.0 s +5\.0 s +AlsoSlow/);
    expect(lines[3]).toMatch(/✕ Typo +silent alert: no series/);
    expect(lines[4]).toBe("  ✓ quiet run of 20 s: none of 2 rules fired");
    expect(lines[5]).toBe("Repeat  ./kanit drill --rules mine.yml --seed 1");
  });

  it("keeps to the columns, except for what must be copied whole", () => {
    for (const line of terminal(60).split("\n").slice(0, 5)) expect(line.length).toBeLessThanOrEqual(60);
  });

  it("names what fired in the quiet run", () => {
    const noisy = {
      ...DRILL,
      quiet: { ...DRILL.quiet, verdict: "fail" as const, fired: ["TooSlow"], why: "oh" },
    };
    const text = renderDrillTerminal(noisy, { color: false, columns: 120, reportPath: "x" });
    expect(text).toContain("✕ quiet run of 20 s: TooSlow: oh");
  });
});

describe("a drill's table as Markdown", () => {
  it("has a row for each alert, and cannot be corrupted by its texts", () => {
    const rows = renderDrillMarkdown(DRILL)
      .split("\n")
      .filter((line) => /^\| [✅❌]/u.test(line));
    expect(rows).toHaveLength(2);
    expect(rows[1]).toContain("no series \\| that");
  });
});

describe("a drill's page", () => {
  const page = renderDrillHtml(DRILL);

  it("needs no other resource and runs no script", () => {
    expect(page).not.toMatch(/<script|<link|<img|https?:\/\//);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  it("shows what was done, both delays, and why an alert is silent, escaped", () => {
    expect(page).toContain("slow-venue: Binance is slow.");
    expect(page).toContain("true after 1.0 s, fired after 6.0 s");
    expect(page).toContain("that &lt;it&gt; names");
  });
});
