import { describe, expect, it } from "vitest";
import type { CheckRecord } from "../../evidence/index.ts";
import { discountUnsound } from "./judge-generator.ts";
import { discountContended } from "./judge-machine.ts";
import { soundOutcome } from "./outcome-fixture.ts";

const failed = (kind: CheckRecord["kind"], basis: CheckRecord["basis"]): CheckRecord => ({
  ...{ kind, name: basis, basis, verdict: "fail", expected: "", received: "" },
});
/** A measured time, a false alarm, a trigger that stayed silent and an invariant, all failed. */
const FAILED = [
  failed("steady-state", "time"),
  failed("trigger", "alarm"),
  failed("trigger", "count"),
  failed("invariant", "count"),
];
const verdicts = (checks: readonly CheckRecord[]) => checks.map(({ verdict }) => verdict);

describe("a machine that others fill", () => {
  const load = (contendedShare: number) =>
    ({ kind: "measured", contendedShare, fullShare: 1, foreignShare: 0.4 }) as const;

  it("excuses measured times and false alarms, never an invariant or a silent trigger", () => {
    expect(verdicts(discountContended(FAILED, load(0.3)))).toEqual([
      ...["inconclusive", "inconclusive", "fail", "fail"],
    ]);
  });

  it("excuses nothing when it was contended for a moment only, or when that is not known", () => {
    expect(discountContended(FAILED, load(0.05))).toEqual(FAILED);
    expect(discountContended(FAILED, { kind: "unknown" })).toEqual(FAILED);
  });
});

describe("a late load generator", () => {
  const { generator } = soundOutcome().load;

  it("excuses measured times, never a false alarm, an invariant or a silent trigger", () => {
    const late = { ...generator, state: "unsound", reasons: ["late"] } as const;
    expect(verdicts(discountUnsound(FAILED, late))).toEqual(["inconclusive", "fail", "fail", "fail"]);
  });

  it("excuses nothing when it was in time", () => {
    expect(discountUnsound(FAILED, generator)).toEqual(FAILED);
  });
});
