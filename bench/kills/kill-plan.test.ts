import { describe, expect, it } from "vitest";
import { planKills } from "./kill-plan.ts";

describe("a plan of kills", () => {
  it("has the same kill for the same seed and number, in whatever parts it is carried out", () => {
    const whole = planKills(7, 0, 60);
    expect([...planKills(7, 0, 20), ...planKills(7, 20, 40)]).toEqual(whole);
    expect(planKills(8, 0, 60)).not.toEqual(whole);
  });

  it("kills at any moment, the first 300 ms among them, and never after the command's usual end", () => {
    const kills = planKills(1, 0, 500);
    expect(kills.filter(({ momentMs }) => momentMs <= 300).length).toBeGreaterThan(50);
    for (const { momentMs, command } of kills) expect(momentMs).toBeLessThanOrEqual(command.lastsMs);
  });

  it("kills what serves a lab only where there is one", () => {
    const kills = planKills(1, 0, 500).filter(({ command }) => command.against === "canary");
    expect(new Set(kills.map(({ command }) => command.name))).toEqual(new Set(["blast", "load"]));
    expect(kills.filter(({ victim }) => victim.endsWith("then kanit"))).toEqual([]);
  });

  it("asks only the runner and its starters to end, and kills what serves a lab", () => {
    const served = planKills(1, 0, 500).filter(({ victim }) => victim.endsWith("then kanit"));
    expect(new Set(served.map(({ signal }) => signal))).toEqual(new Set(["SIGKILL"]));
  });
});
