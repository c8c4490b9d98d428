import { describe, expect, it } from "vitest";
import { renderBackpressureHtml } from "./html/backpressure-page.ts";
import { renderBackpressureMarkdown } from "./markdown/backpressure-markdown.ts";
import { renderBackpressureTerminal } from "./terminal/backpressure-terminal.ts";
import { BROKEN_STEP, HELD_STEP, SEARCH } from "./testing/backpressure-fixture.ts";

const terminal = (columns: number) =>
  renderBackpressureTerminal(SEARCH, { color: false, columns, reportPath: "reports/out/1/index.html" });

describe("a search for a platform's limit in the terminal", () => {
  it("shows each rate with its latencies, the CPU and the waits of operations, and names the limit", () => {
    const lines = terminal(160).split("\n");
    expect(lines[0]).toBe("PASS  backpressure of spark · P95 below 200 ms · 30 s · seed 1");
    expect(lines[2]).toMatch(
      /^ {2}✓ +40 +40 +0\.0 % +22 +60 +90 +14 % +4\.0 +0\.0 +0\.1 +0\.0 +2\.0 +9\.0 +5\.0$/,
    );
    expect(lines[3]).toMatch(/^ {2}✕ +80 +51 .* 420 +2\.0 +9\.0 +5\.0$/);
    expect(lines[5]).toBe(SEARCH.why);
    expect(lines[6]).toBe("Repeat  ./kanit backpressure --seed 1");
  });

  it("fits the columns, except for what must be copied whole", () => {
    for (const line of terminal(60).split("\n").slice(0, 6)) expect(line.length).toBeLessThanOrEqual(60);
  });

  it("has a dash and no zero for what was not measured", () => {
    const blind = { ...HELD_STEP, resources: { ...HELD_STEP.resources, cpuCores: null, lockWaiting: null } };
    const lines = renderBackpressureTerminal(
      { ...SEARCH, steps: [blind] },
      { color: false, columns: 160, reportPath: "x" },
    ).split("\n");
    expect(lines[2]).toMatch(/90 +– +4\.0 +0\.0 +– /);
  });
});

describe("a search in Markdown", () => {
  it("is a table that no text of a record can corrupt", () => {
    const text = renderBackpressureMarkdown({ ...SEARCH, why: "a | b\nc" });
    expect(text).toContain("a \\| b c");
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map((row) => row.split("|").length)).size).toBe(1);
  });
});

describe("a search's page", () => {
  const numbersOf = (markup: string, pattern: RegExp) => (pattern.exec(markup) ?? []).slice(1).map(Number);

  it("shades where the triggers fire, up to their share of the CPU", () => {
    const page = renderBackpressureHtml(SEARCH);
    expect(page).toContain("SlowAndIdle: P95 above 250 ms, CPU below 60 %");
    const rect =
      /<g class="region region-\d">\s*<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="([\d.]+)"/g;
    const [whole, part] = [...page.matchAll(rect)].map((match) => match.slice(1).map(Number));
    expect(part?.[1]).toBeCloseTo((whole?.[1] ?? 0) * 0.6, 0);
    expect(part?.[2]).toBeGreaterThan(whole?.[2] ?? 0);
  });

  it("puts a rate above the line of the objective only when its P95 is above it", () => {
    const page = renderBackpressureHtml(SEARCH);
    const [edge = 0] = numbersOf(page, /class="objective">\s*<line [^>]*y1="([\d.]+)"/);
    const [heldY = 0] = numbersOf(page, /<circle cx="[\d.]+" cy="([\d.]+)" r="6"/);
    const [brokenY = 0] = numbersOf(page, /<path d="M[\d.]+ ([\d.]+)l12 12/);
    expect(heldY).toBeGreaterThan(edge);
    expect(brokenY).toBeLessThan(edge);
  });

  it("omits from the chart steps without CPU, and says so when none is left", () => {
    const blind = { ...HELD_STEP, resources: { ...HELD_STEP.resources, cpuCores: null } };
    expect(renderBackpressureHtml({ ...SEARCH, steps: [blind] })).toContain("No rate has both");
    expect(renderBackpressureHtml({ ...SEARCH, steps: [] })).toContain("No rate has both");
  });

  it("escapes every text of the record, and runs no script", () => {
    const hostile = `</style><script>alert(1)</script>"'`;
    const page = renderBackpressureHtml({
      ...SEARCH,
      why: hostile,
      platform: hostile,
      planted: [hostile],
      regions: [{ trigger: hostile, latencyAboveMs: 300, cpuBelow: null }],
      steps: [{ ...BROKEN_STEP, finding: { kind: "broken", why: hostile } }],
    });
    expect(page).not.toContain("<script");
    expect(page).toContain("default-src &#39;none&#39;");
  });
});
