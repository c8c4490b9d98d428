import { expect, it } from "vitest";
import { fuzzTargets } from "./fuzz-targets.ts";
import { type FuzzFinding, runFuzz } from "./run-fuzz.ts";

const CASES_EACH = 40;

it("no parser of foreign input crashes, hangs or throws an undocumented error", async () => {
  await using opened = await fuzzTargets();
  const findings: FuzzFinding[] = [];
  for (const target of opened.targets.filter(({ share }) => share === 1)) {
    const range = { seed: 7, from: 0, cases: CASES_EACH };
    await runFuzz(target, range, { onCase: () => undefined, onFinding: (finding) => findings.push(finding) });
  }
  expect(findings).toEqual([]);
}, 60_000);
