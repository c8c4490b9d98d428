import { describe, expect, it } from "vitest";
import { judgeLease } from "./run-lease.ts";

describe("the lease of a run", () => {
  it("passes when it held until it was released", () => {
    expect(judgeLease({ kind: "released" })).toMatchObject({ kind: "harness", verdict: "pass" });
  });

  it("makes the run inconclusive when it was lost, since its faults were gone with it", () => {
    const check = judgeLease({ kind: "lost", why: "lease 7 of kanit lapsed" });
    expect(check).toMatchObject({ verdict: "inconclusive", received: expect.stringContaining("lease 7") });
  });

  it("makes the run inconclusive when nobody released it, since nobody knows whether it held", () => {
    expect(judgeLease({ kind: "held" }).verdict).toBe("inconclusive");
  });

  it("is missed aloud where the fault proxy knows none", () => {
    const check = judgeLease({ kind: "unknown-to-engine" });
    expect(check).toMatchObject({ verdict: "pass", received: expect.stringMatching(/^warning: /) });
  });
});
