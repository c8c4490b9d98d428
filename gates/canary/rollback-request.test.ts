import { describe, expect, it } from "vitest";
import {
  describeRollback,
  type RollBack,
  type RollbackOutcome,
  rollbackCommand,
} from "./rollback-request.ts";

describe("a request to roll back", () => {
  it("can be typed by a person, whatever its reason contains", () => {
    const reason = { stage: "5", reason: "the candidate's P95 rose", failed: ["api_latency_p95"], atMs: 0 };
    expect(rollbackCommand("v2", reason)).toBe(
      "kanit rollback v2 --reason 'the candidate'\\''s P95 rose' --stage 5",
    );
  });

  it("is answered with when users were well again, or with why they were not", async () => {
    const recovered: RollBack = ({ atMs }) =>
      Promise.resolve({ kind: "recovered", startedAtMs: atMs, recoveredAtMs: atMs + 2_000 });
    const outcome = await recovered({ stage: "5", reason: "r", failed: [], atMs: 1 });
    expect(describeRollback(outcome)).toBe("users were well again after 2 s");
    const lost: RollbackOutcome = { kind: "not-recovered", startedAtMs: 1, why: "stable is down" };
    expect(describeRollback(lost)).toBe("users are not well again: stable is down");
  });
});
