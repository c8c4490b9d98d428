import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { fixtureRun, fixtureScenario } from "../testing/run-fixture.ts";
import { renderTerminal } from "./run-terminal.ts";

const options = { color: false, columns: 110, reportPath: "reports/out/run-1/index.html" };
const linesOf = (text: string) => text.trimEnd().split("\n");

describe("the verdict in the terminal", () => {
  it("shows a run in ten lines: verdict, scenarios worst first, how to repeat, where the report is", () => {
    const lines = linesOf(renderTerminal(fixtureRun(), options));
    expect(lines).toHaveLength(9);
    expect(lines[0]).toBe(
      "FAIL  Nightly resilience run · 1 fail, 1 inconclusive, 4 pass · 2 min 20 s · seed 7",
    );
    expect(lines[1]).toMatch(/^ {2}✕ binance-ack-lost {2}every client order id reaches the exchange once/);
    expect(lines[2]).toMatch(/^ {2}\? feed-silent {7}the fault touched something: 0 connections/);
    expect(lines[3]).toMatch(/^ {2}✓ steady-state {6}21\.7 s$/);
    expect(lines[7]).toBe("Repeat  npm start -- run binance-ack-lost --seed 7003");
    expect(lines[8]).toBe("Report  reports/out/run-1/index.html");
  });

  it("needs no more lines for sixty scenarios, and states how many it omitted", () => {
    const lines = linesOf(renderTerminal(fixtureRun(60), options));
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(lines).toContain("  … and 55 more: 5 fail, 10 inconclusive, 40 pass");
  });

  it("repeats the whole run when nothing is wrong with it, or when nothing was run", () => {
    const passed = {
      ...fixtureRun(),
      verdict: "pass" as const,
      scenarios: [fixtureScenario("steady-state")],
    };
    expect(renderTerminal(passed, options)).toContain("Repeat  npm start -- run --all --seed 7\n");
    expect(
      renderTerminal({ ...fixtureRun(60), verdict: "pass" }, options)
        .trimEnd()
        .split("\n").length,
    ).toBe(10);
    const empty = { ...fixtureRun(), verdict: "inconclusive" as const, scenarios: [] };
    expect(renderTerminal(empty, options)).toMatch(/^INCONCLUSIVE {2}Nightly resilience run · no scenarios/);
  });

  it("states in a line what a pass proves, and what fired in each scenario", () => {
    const names = ["steady-state", "db-latency"];
    const passed = { ...fixtureRun(), verdict: "pass" as const, scenarios: names.map(fixtureScenario) };
    const lines = linesOf(renderTerminal(passed, options));
    expect(lines[2]).toBe("  ✓ db-latency    21.8 s · ApiLatencyP95High fired 2.8 s after the fault");
    expect(lines[3]).toBe(
      "Proved  invariants held on 4,208 orders · 1 trigger fired in 2.8 s · no false alarm · recovered in 1 of 1",
    );
    expect(renderTerminal(fixtureRun(), options)).not.toContain("Proved");
  });

  it("uses colors only on request, with the same text", () => {
    const plain = renderTerminal(fixtureRun(), options);
    const colored = renderTerminal(fixtureRun(), { ...options, color: true });
    expect(plain).not.toContain("\u001b");
    expect(colored).toContain("\u001b[1;31mFAIL");
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });

  it("fits the columns, except for what must be copied whole", () => {
    const lines = linesOf(renderTerminal(fixtureRun(), { ...options, columns: 60 }));
    for (const line of lines.slice(0, -2)) expect(line.length, line).toBeLessThanOrEqual(60);
  });

  it("removes control characters of the record's texts", () => {
    const silent = fixtureScenario("feed-silent");
    const checks = silent.checks.map((check) => ({ ...check, name: "\u001b]0;x\u0007d\re" }));
    const scenario = { ...silent, name: "a\u001b[2Jb\nc", checks };
    const text = renderTerminal({ ...fixtureRun(), scenarios: [scenario] }, options);
    expect(text).not.toMatch(/\r|\p{Control}(?<!\n)/u);
    expect(text).toContain("? ab c  de: 0 connections");
  });
});
