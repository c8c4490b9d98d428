import { describe, expect, it } from "vitest";
import { mergeVerdicts } from "../../core/index.ts";
import type { MachineLoad } from "../../machine/index.ts";
import { type BlastMeasurement, judgeBlast } from "./blast-check.ts";
import { discountContended, type ProbedMachine } from "./blast-contention.ts";

const HEALTHY: BlastMeasurement = {
  ...{ requests: 300, successes: 300, latencyMsP50: 5, latencyMsP95: 20 },
  ...{ pings: 60, pongs: 60, pingMsP95: 4, cpuFraction: 0.1 },
};
const SLOW = { ...HEALTHY, latencyMsP95: 900 };
const filledBy = (foreignShare: number): MachineLoad => ({
  ...{ kind: "measured", contendedShare: 0.9, fullShare: 1, foreignShare, spans: 30 },
});
const FILLED: ProbedMachine = { load: filledBy(0.8), platformShare: 0.05 };

const judged = (measured: BlastMeasurement, machine: ProbedMachine, inTime = HEALTHY) =>
  mergeVerdicts(discountContended(judgeBlast(measured), inTime, machine).map(({ verdict }) => verdict));

describe("a machine that others fill during a probe", () => {
  it("makes slow answers inconclusive, and says so", () => {
    expect(judged(SLOW, FILLED)).toBe("inconclusive");
    const [slow] = discountContended(judgeBlast(SLOW), HEALTHY, FILLED).filter(
      ({ name }) => name === "API latency",
    );
    expect(slow?.received).toContain("but other programs used 75 % of the machine's CPU");
  });

  it("makes answers and pongs inconclusive that did not come in time", () => {
    expect(judged({ ...HEALTHY, successes: 200, pongs: 30 }, FILLED)).toBe("inconclusive");
  });

  it("excuses no answer that fails whenever it comes", () => {
    const wrong = { ...HEALTHY, successes: 200 };
    expect(judged(wrong, FILLED, wrong)).toBe("fail");
    const deaf = { ...HEALTHY, pongs: 0, pingMsP95: null };
    expect(judged(deaf, FILLED, deaf)).toBe("fail");
  });

  it("makes nothing pass", () => {
    expect(judged({ ...HEALTHY, requests: 10, successes: 10 }, FILLED)).toBe("inconclusive");
    expect(judged(HEALTHY, FILLED)).toBe("pass");
  });
});

describe("nothing is excused by", () => {
  it.each<[string, ProbedMachine]>([
    [
      "a machine with CPU left",
      { load: { ...filledBy(0.8), contendedShare: 0.05 } as MachineLoad, platformShare: 0 },
    ],
    ["a machine that the platform fills itself", { load: filledBy(0.55), platformShare: 0.5 }],
    ["a machine of which that is unknown", { load: { kind: "unknown" }, platformShare: 0 }],
  ])("%s", (_, machine) => {
    expect(judged(SLOW, machine)).toBe("fail");
  });
});
