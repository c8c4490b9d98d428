import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import type { Lab } from "../../lab/index.ts";
import { EMPTY_TARGET, sampleCheck, soundObservation } from "../testing/sample-check.ts";
import type { Check } from "./check.ts";
import type { Observation } from "./observation.ts";
import { runDrill } from "./run-drill.ts";

/** What a lab is like to a check, and what its mutant makes of it. */
interface Ground {
  health: "sound" | "harmed";
  readonly healed: string[];
}

/** A check that finds by the state of the ground what these say. */
function drilled(
  ground: Ground,
  found: Readonly<Record<Ground["health"], Partial<Observation>>>,
  harm: () => void = () => undefined,
): Check {
  return sampleCheck(() => Promise.resolve(soundObservation(found[ground.health])), {
    mutant: {
      what: "It is harmed.",
      apply: async () => {
        harm();
        ground.health = "harmed";
        return {
          effect: "harmed",
          parts: {},
          [Symbol.asyncDispose]: async () => {
            ground.health = "sound";
            ground.healed.push("once");
          },
        };
      },
    },
  });
}

async function rowsOf(checks: readonly Check[], signal = new AbortController().signal) {
  return runDrill({
    checks,
    ground: { lab: {} as Lab, directory: "/nowhere", clock: systemClock, signal },
    readTarget: () => EMPTY_TARGET,
    commit: null,
    clock: systemClock,
    onRow: () => undefined,
  });
}

const GREEN = {};
const RED = { violations: ["broken"] };
const UNKNOWN = { examined: [] };

describe("a drilled check", () => {
  it.each([
    ["is proved when it passes on the sound lab and fails on the harmed one", GREEN, RED, "pass"],
    ["is blind when it passes on both", GREEN, GREEN, "fail"],
    ["is blind when it passes on the harmed lab alone", UNKNOWN, GREEN, "fail"],
    ["cries wolf when it fails on the sound lab", RED, RED, "fail"],
    ["is not proved when it could not tell on the harmed lab", GREEN, UNKNOWN, "inconclusive"],
    ["is not proved when it could not tell on the sound one", UNKNOWN, RED, "inconclusive"],
  ] as const)("%s", async (_, sound, harmed, verdict) => {
    const ground: Ground = { health: "sound", healed: [] };
    const [row] = await rowsOf([drilled(ground, { sound, harmed })]);
    expect(row?.verdict).toBe(verdict);
    expect(ground).toEqual({ health: "sound", healed: ["once"] });
  });

  it("is not proved when its mutant did not happen, and the row says why", async () => {
    const ground: Ground = { health: "sound", healed: [] };
    const refuse = () => {
      throw new Error("no such table");
    };
    const [row] = await rowsOf([drilled(ground, { sound: GREEN, harmed: RED }, refuse)]);
    expect(row).toMatchObject({
      ...{ sound: "pass", mutant: null, verdict: "inconclusive" },
      effect: "did not happen: no such table",
    });
  });

  it("gets the parts that are other ones under the mutant", async () => {
    const check = sampleCheck(
      ({ target }) => {
        const violations = target.parts.migrations === null ? [] : [`found ${target.parts.migrations}`];
        return Promise.resolve(soundObservation({ violations }));
      },
      {
        mutant: {
          what: "A folder is copied.",
          apply: async () => ({
            effect: "copied",
            parts: { migrations: "/copy" },
            [Symbol.asyncDispose]: () => Promise.resolve(),
          }),
        },
      },
    );
    const [row] = await rowsOf([check]);
    expect(row).toMatchObject({ sound: "pass", verdict: "pass", mutantReasons: ["found /copy"] });
  });

  it("is not begun after an interruption", async () => {
    const interruption = new AbortController();
    interruption.abort(new Error("Ctrl-C"));
    const ground: Ground = { health: "sound", healed: [] };
    const check = drilled(ground, { sound: GREEN, harmed: RED });
    await expect(rowsOf([check], interruption.signal)).rejects.toThrow("Ctrl-C");
    expect(ground.healed).toEqual([]);
  });
});
