import { describe, expect, it } from "vitest";
import { fixtureRun, fixtureScenario } from "../testing/run-fixture.ts";
import { renderAnnotations } from "./annotations.ts";

const run = fixtureRun();

describe("annotations of a step", () => {
  it("are errors for what failed and warnings for what could not be judged", () => {
    const lines = renderAnnotations(run).split("\n");
    expect(lines[0]).toMatch(
      /^::error title=fail%3A binance-ack-lost::Order spark-7f3a .* Repeat: npm start/,
    );
    expect(lines[1]).toMatch(/^::warning title=inconclusive%3A feed-silent::The fault touched/);
    expect(lines.slice(2)).toEqual([""]);
  });

  it("are ten of a kind at most, and say how many are hidden", () => {
    const scenarios = Array.from({ length: 14 }, () => fixtureScenario("binance-ack-lost"));
    const lines = renderAnnotations({ ...run, scenarios })
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(10);
    expect(lines[9]).toMatch(/^::error title=5 more::/);
  });

  it("are none for a pass", () => {
    expect(renderAnnotations({ ...run, scenarios: [fixtureScenario("steady-state")] })).toBe("");
  });

  it("let no text start a command of its own", () => {
    const scenario = {
      ...fixtureScenario("feed-silent"),
      name: "a,b::c",
      reasons: ["50 % lost\n::set-env::x"],
    };
    expect(renderAnnotations({ ...run, scenarios: [scenario] })).toBe(
      "::warning title=inconclusive%3A a%2Cb%3A%3Ac::50 %25 lost ::set-env::x Repeat: npm start -- run feed-silent --seed 7004\n",
    );
  });
});
