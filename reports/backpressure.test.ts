import { describe, expect, it } from "vitest";
import type { BackpressureSheet, BackpressureStep } from "./backpressure-sheet.ts";
import { renderBackpressureMarkdown, renderBackpressureTerminal } from "./backpressure-table.ts";
import { renderBackpressureHtml } from "./html/backpressure-page.ts";

const held: BackpressureStep = {
  rateRps: 40,
  achievedRps: 39.6,
  operations: 160,
  errorRatio: 0,
  latencyMs: { mean: 30, p50: 22, p95: 60, p99: 90 },
  lagMsP99: 1,
  resources: {
    cpuCores: 0.14,
    eventLoopLagMsP99: 4,
    poolWaiting: 0,
    lockWaiting: 0.1,
    waits: { poolMs: 0, locksMs: 2, databaseMs: 9, venueMs: 5 },
  },
  finding: { kind: "held" },
};
const broken: BackpressureStep = {
  ...held,
  rateRps: 80,
  achievedRps: 51,
  latencyMs: { mean: 500, p50: 450, p95: 800, p99: 990 },
  resources: { ...held.resources, cpuCores: 0.2, waits: { ...held.resources.waits, poolMs: 420 } },
  finding: { kind: "broken", why: "Expected a P95 below 200 ms, measured 800.0 ms." },
};
const sheet: BackpressureSheet = {
  runId: "search-1",
  command: "./kanit backpressure --seed 1",
  seed: 1,
  platform: "spark",
  cores: 1,
  objective: { latencyMsP95: 200 },
  startedAt: "2026-01-02T03:04:00.000Z",
  endedAt: "2026-01-02T03:04:30.000Z",
  verdict: "pass",
  why: "40 op/s held, 80 op/s did not. What limits: connection pool (backpressure).",
  planted: [],
  heldRps: 40,
  steps: [held, broken],
  outcome: {
    kind: "limited",
    rateRps: 80,
    limit: { kind: "named", limit: "pool", nature: "backpressure", why: "Requests wait." },
  },
  regions: [
    { trigger: "TooSlow", latencyAboveMs: 400, cpuBelow: null },
    { trigger: "SlowAndIdle", latencyAboveMs: 250, cpuBelow: 0.6 },
  ],
};
const terminal = (columns: number) =>
  renderBackpressureTerminal(sheet, { colour: false, columns, reportPath: "reports/out/1/index.html" });

describe("a search for a platform's limit in the terminal", () => {
  it("shows each rate with its latencies, the CPU and what operations wait for, and says what limits", () => {
    const lines = terminal(160).split("\n");
    expect(lines[0]).toBe("PASS  backpressure of spark · P95 below 200 ms · 30 s · seed 1");
    expect(lines[2]).toMatch(
      /^ {2}✓ +40 +40 +0\.0 % +22 +60 +90 +14 % +4\.0 +0\.0 +0\.1 +0\.0 +2\.0 +9\.0 +5\.0$/,
    );
    expect(lines[3]).toMatch(/^ {2}✕ +80 +51 .* 420 +2\.0 +9\.0 +5\.0$/);
    expect(lines[5]).toBe(sheet.why);
    expect(lines[6]).toBe("Repeat  ./kanit backpressure --seed 1");
  });

  it("keeps to the columns, except for what must be copied whole", () => {
    for (const line of terminal(60).split("\n").slice(0, 6)) expect(line.length).toBeLessThanOrEqual(60);
  });

  it("has a dash for what nobody could measure, and no zero", () => {
    const blind = { ...held, resources: { ...held.resources, cpuCores: null, lockWaiting: null } };
    const lines = renderBackpressureTerminal(
      { ...sheet, steps: [blind] },
      { colour: false, columns: 160, reportPath: "x" },
    ).split("\n");
    expect(lines[2]).toMatch(/90 +– +4\.0 +0\.0 +– /);
  });
});

describe("a search in Markdown", () => {
  it("is a table that no text of a record can break", () => {
    const text = renderBackpressureMarkdown({ ...sheet, why: "a | b\nc" });
    expect(text).toContain("a \\| b c");
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map((row) => row.split("|").length)).size).toBe(1);
  });
});

describe("a search's page", () => {
  const numbersOf = (markup: string, pattern: RegExp) => (pattern.exec(markup) ?? []).slice(1).map(Number);

  it("shades where the triggers fire, up to their share of the CPU", () => {
    const page = renderBackpressureHtml(sheet);
    expect(page).toContain("SlowAndIdle: P95 above 250 ms, CPU below 60 %");
    const rect =
      /<g class="region region-\d">\s*<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="([\d.]+)"/g;
    const [whole, part] = [...page.matchAll(rect)].map((match) => match.slice(1).map(Number));
    expect(part?.[1]).toBeCloseTo((whole?.[1] ?? 0) * 0.6, 0);
    expect(part?.[2]).toBeGreaterThan(whole?.[2] ?? 0);
  });

  it("puts a rate above the line of the objective only when its P95 is above it", () => {
    const page = renderBackpressureHtml(sheet);
    const [edge = 0] = numbersOf(page, /class="objective">\s*<line [^>]*y1="([\d.]+)"/);
    const [heldY = 0] = numbersOf(page, /<circle cx="[\d.]+" cy="([\d.]+)" r="6"/);
    const [brokenY = 0] = numbersOf(page, /<path d="M[\d.]+ ([\d.]+)l12 12/);
    expect(heldY).toBeGreaterThan(edge);
    expect(brokenY).toBeLessThan(edge);
  });

  it("leaves out of the chart what has no CPU, and says so when nothing is left", () => {
    const blind = { ...held, resources: { ...held.resources, cpuCores: null } };
    expect(renderBackpressureHtml({ ...sheet, steps: [blind] })).toContain("No rate has both");
    expect(renderBackpressureHtml({ ...sheet, steps: [] })).toContain("No rate has both");
  });

  it("escapes every text of the record, and runs no script", () => {
    const hostile = `</style><script>alert(1)</script>"'`;
    const page = renderBackpressureHtml({
      ...sheet,
      why: hostile,
      platform: hostile,
      planted: [hostile],
      regions: [{ trigger: hostile, latencyAboveMs: 300, cpuBelow: null }],
      steps: [{ ...broken, finding: { kind: "broken", why: hostile } }],
    });
    expect(page).not.toContain("<script");
    expect(page).toContain("default-src &#39;none&#39;");
  });
});
