import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readStepTimes, slowerSteps, writeStepTimes } from "./step-times.ts";

async function pathOfTimes(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "kanit-step-times-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, "cache", "step-times.json");
}

describe("a step's time", () => {
  it("is reported when the step became slower by more than half", () => {
    expect(slowerSteps({ unit: 100_000, types: 8_000 }, { unit: 151_000, types: 12_000 })).toEqual([
      "slower: unit took 151.0 s, and 100.0 s in the last run",
    ]);
  });

  it("is not reported when the difference is a few seconds, or without an earlier time", () => {
    expect(slowerSteps({ types: 1_000 }, { types: 3_000, unit: 100_000 })).toEqual([]);
  });

  it("is stored with those of the steps that were not run", async () => {
    const path = await pathOfTimes();
    await writeStepTimes(path, {}, { unit: 100, types: 10 });
    await writeStepTimes(path, await readStepTimes(path), { types: 12 });
    expect(await readStepTimes(path)).toEqual({ unit: 100, types: 12 });
  });

  it("is unknown without an earlier run, or when the file is damaged", async () => {
    const path = await pathOfTimes();
    expect(await readStepTimes(path)).toEqual({});
    await writeStepTimes(path, {}, {});
    await writeFile(path, '{"unit":"long"}');
    expect(await readStepTimes(path)).toEqual({});
  });
});
