import { describe, expect, it } from "vitest";
import { GATES } from "../gates.ts";
import { sampleCheck } from "../testing/sample-check.ts";
import { readSeenRed, statementDigest } from "./seen-red.ts";

describe("the record of the drills", () => {
  it("has seen each check of each gate fail, as it is written now: `kanit gate <name> --drill` adds to it", async () => {
    const seenRed = await readSeenRed();
    const unseen = GATES.flatMap(({ checks }) => checks.filter((check) => !seenRed.has(check)));
    expect(unseen.map(({ id }) => id)).toEqual([]);
  });

  it("forgets a check whose criterion or mutant is another one", () => {
    const check = sampleCheck();
    const { mutant } = check;
    expect(statementDigest({ ...check, passes: "most is well" })).not.toBe(statementDigest(check));
    const other = { ...check, mutant: { ...mutant, what: "Something else is broken." } };
    expect(statementDigest(other)).not.toBe(statementDigest(check));
    expect(statementDigest({ ...check, fix: "Repair it quickly." })).toBe(statementDigest(check));
  });

  it("does not know a check that no drill has seen", async () => {
    expect((await readSeenRed()).has(sampleCheck())).toBe(false);
  });
});
