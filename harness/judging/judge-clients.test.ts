import { describe, expect, it } from "vitest";
import { placement } from "../invariants/final-state-fixture.ts";
import { judgeAcceptance, judgeAnswers } from "./judge-clients.ts";

describe("clients during the faults", () => {
  const phase = { name: "fault", startMs: 1_000, endMs: 2_000 } as const;
  const asked = (startedAtMs: number, endedAtMs: number) =>
    placement({ startedAtMs, endedAtMs, idempotencyKey: `key-${startedAtMs}` });

  it("are answered in time, or the slowest is named", () => {
    const outside = asked(100, 9_000);
    expect(judgeAnswers(phase, 4_500, [outside, asked(1_100, 3_100)])).toMatchObject({
      verdict: "pass",
      received: "the last of 1 after 2.0 s",
    });
    expect(judgeAnswers(phase, 4_500, [asked(1_100, 3_100), asked(1_200, 6_200)])).toMatchObject({
      verdict: "fail",
      received: "1 of 2 were not, one waited 5.0 s",
    });
    expect(judgeAnswers(phase, 4_500, [outside]).verdict).toBe("inconclusive");
  });

  it("have their orders accepted in the end, if necessary after a retry", () => {
    const refused = { ...asked(1_100, 1_110), outcome: "failed" as const };
    const again = { ...asked(1_100, 2_510), attempt: 2, startedAtMs: 2_500 };
    expect(judgeAcceptance(phase, 0.6, [refused, again])).toMatchObject({
      verdict: "pass",
      received: "1 of 1",
    });
    const lost = { ...asked(1_200, 1_210), outcome: "rejected" as const };
    expect(judgeAcceptance(phase, 0.6, [refused, again, lost])).toMatchObject({
      verdict: "fail",
      received: "1 of 2",
    });
    expect(judgeAcceptance(null, 0.6, [lost]).verdict).toBe("inconclusive");
  });
});
