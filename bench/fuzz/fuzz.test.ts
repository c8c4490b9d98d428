import { expect, it } from "vitest";
import { fuzzTargets } from "./fuzz-targets.ts";
import { runFuzz } from "./run-fuzz.ts";

const CASES_EACH = 60;

it("no reader of foreign input dies, hangs or ends in an error that it does not document", async () => {
  await using opened = await fuzzTargets();
  const { counts, findings } = await runFuzz(opened.targets, { cases: CASES_EACH, seed: 7 });
  expect(findings).toEqual([]);
  expect(counts.every(({ cases }) => cases === CASES_EACH)).toBe(true);
}, 60_000);
