import { describe, expect, it } from "vitest";
import type { Lab } from "../lab/index.ts";
import { KeptLab, type LabSetting } from "./kept-lab.ts";
import { testLab } from "./testing/suite.ts";

const { secrets: _, ...SETTING }: LabSetting & { readonly secrets: unknown } = await testLab();

/** A lab of which only its end and its deaths are asked. */
function bareLab() {
  const state = { stops: 0, deaths: 0 };
  const lab = {
    deaths: () => Array.from({ length: state.deaths }),
    stop: async () => void state.stops++,
  } as unknown as Lab;
  return { lab, state };
}

describe("a lab that is kept between runs", () => {
  it("is there for the next run that needs the same, once", async () => {
    const { lab, state } = bareLab();
    await using kept = new KeptLab();
    expect(await kept.take(SETTING)).toBeNull();
    kept.keep(lab, SETTING);
    expect(await kept.take(structuredClone(SETTING))).toBe(lab);
    expect(await kept.take(SETTING)).toBeNull();
    expect(state.stops).toBe(0);
  });

  it("is stopped when the next run needs another, or one of its processes died", async () => {
    for (const change of [{ stepsClock: true }, { seed: 2 }, { deaths: 1 }]) {
      const { lab, state } = bareLab();
      await using kept = new KeptLab();
      kept.keep(lab, SETTING);
      state.deaths = change.deaths ?? 0;
      const { deaths: _deaths, ...other } = { deaths: 0, ...change };
      expect(await kept.take({ ...SETTING, ...other })).toBeNull();
      expect(state.stops).toBe(1);
    }
  });

  it("is stopped at the end", async () => {
    const { lab, state } = bareLab();
    {
      await using kept = new KeptLab();
      kept.keep(lab, SETTING);
    }
    expect(state.stops).toBe(1);
  });
});
