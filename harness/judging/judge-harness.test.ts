import { describe, expect, it } from "vitest";
import { judgeDeath, judgeLease } from "./judge-harness.ts";

describe("the lease of a run", () => {
  it("passes when it held until it was released", () => {
    expect(judgeLease({ kind: "released" }, 2)).toMatchObject({ kind: "harness", verdict: "pass" });
  });

  it("makes the run inconclusive when it was lost, since its faults were gone with it", () => {
    const check = judgeLease({ kind: "lost", why: "lease 7 of kanit expired" }, 2);
    expect(check).toMatchObject({ verdict: "inconclusive", received: expect.stringContaining("lease 7") });
  });

  it("makes the run inconclusive when it was not released, since it is unknown whether it held", () => {
    expect(judgeLease({ kind: "held" }, 2).verdict).toBe("inconclusive");
  });

  it("is reported as missing when the fault proxy has no leases", () => {
    const check = judgeLease({ kind: "unknown-to-engine" }, 2);
    expect(check).toMatchObject({ verdict: "pass", received: expect.stringMatching(/^warning: /) });
  });
});

describe("a process that died", () => {
  const death = {
    process: "spark",
    logPath: "spark.log",
    ending: "exit code 1",
    lastLines: ["out of memory"],
  };

  it("is a failure when it was the platform's", () => {
    expect(judgeDeath(death, "spark")).toMatchObject({
      verdict: "fail",
      received: "exit code 1; its last line of output: out of memory",
    });
  });

  it("leaves the result open when it was the lab's", () => {
    expect(judgeDeath({ ...death, process: "pgbouncer", lastLines: [] }, "spark")).toMatchObject({
      verdict: "inconclusive",
      received: "exit code 1; its last line of output: none",
    });
  });
});
