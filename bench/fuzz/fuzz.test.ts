import { expect, it } from "vitest";
import { fuzzTargets } from "./fuzz-targets.ts";
import { runFuzz } from "./run-fuzz.ts";

const CASES_EACH = 60;

it("no parser of foreign input crashes, hangs or throws an undocumented error", async () => {
  await using opened = await fuzzTargets();
  const { counts, findings } = await runFuzz(opened.targets, { cases: CASES_EACH, seed: 7 });
  expect(findings).toEqual([]);
  expect(counts.every(({ cases }) => cases === CASES_EACH)).toBe(true);
}, 60_000);
