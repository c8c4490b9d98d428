import { describe, expect, it } from "vitest";
import { placement } from "../invariants/final-state-fixture.ts";
import { judgeAcceptance, judgeAnswers } from "./judge-clients.ts";

describe("clients during the faults", () => {
  const asked = (startedAtMs: number, endedAtMs: number) =>
    placement({ startedAtMs, endedAtMs, idempotencyKey: `key-${startedAtMs}` });

  it("are answered in time, or the slowest is named", () => {
    expect(judgeAnswers([asked(1_100, 3_100)], 4_500)).toMatchObject({
      verdict: "pass",
      received: "the last of 1 after 2.0 s",
    });
    expect(judgeAnswers([asked(1_100, 3_100), asked(1_200, 6_200)], 4_500)).toMatchObject({
      verdict: "fail",
      received: "1 of 2 were not, one waited 5.0 s",
    });
    expect(judgeAnswers([], 4_500).verdict).toBe("inconclusive");
  });

  it("have their orders accepted in the end, if necessary by a retry after the faults", () => {
    const refused = { ...asked(1_100, 1_110), outcome: "failed" as const };
    const again = { ...asked(1_100, 2_510), attempt: 2, startedAtMs: 2_500 };
    const other = asked(2_600, 2_610);
    expect(judgeAcceptance([refused], 0.6, [refused, again, other])).toMatchObject({
      verdict: "pass",
      received: "1 of 1",
    });
    const lost = { ...asked(1_200, 1_210), outcome: "rejected" as const };
    expect(judgeAcceptance([refused, lost], 0.6, [refused, again, lost])).toMatchObject({
      verdict: "fail",
      received: "1 of 2",
    });
    expect(judgeAcceptance([], 0.6, [lost]).verdict).toBe("inconclusive");
  });
});
