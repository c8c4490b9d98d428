import { describe, expect, it } from "vitest";
import type { OperationWaits, ResourceReading, StepRecord } from "../../evidence/index.ts";
import { nameLimit } from "./name-limit.ts";

const NO_WAITS: OperationWaits = { poolMs: 0, locksMs: 0, databaseMs: 0, venueMs: 0 };
const AT_EASE: ResourceReading = {
  cpuCores: 0.2,
  eventLoopLagMsP99: 5,
  eventLoopStalledShare: 0.02,
  poolWaiting: 0,
  lockWaiting: 0,
  poolActive: 2,
  statementMs: 2,
  waits: NO_WAITS,
};
const CONTEXT = { objective: { latencyMsP95: 200, errorRatio: 0.01 }, cores: 1 };

/** A rate at which operations take 300 ms on average and 500 ms at P95. */
function broken(
  resources: Partial<Omit<ResourceReading, "waits">>,
  waits: Partial<OperationWaits> = {},
  step: Partial<StepRecord> = {},
): StepRecord {
  return {
    rateRps: 80,
    achievedRps: 60,
    operations: 240,
    errorRatio: 0,
    latencyMs: { mean: 300, p50: 250, p95: 500, p99: 700, max: 800 },
    lagMsP99: 1,
    resources: { ...AT_EASE, ...resources, waits: { ...NO_WAITS, ...waits } },
    machineFullShare: 0,
    finding: { kind: "broken", why: "Expected a P95 below 200 ms, measured 500.0 ms." },
    ...step,
  };
}

const nameOf = (step: StepRecord, context = CONTEXT) => {
  const finding = nameLimit(step, context);
  return finding.kind === "named" ? `${finding.limit}, ${finding.nature}` : finding.kind;
};

describe("what limits a platform", () => {
  it("is the CPU when it is used up, whatever else waits for it", () => {
    const step = broken({ cpuCores: 0.97, eventLoopLagMsP99: 300 }, { poolMs: 250 });
    expect(nameOf(step)).toBe("cpu, saturation");
  });

  it("is measured by the cores that the platform can use", () => {
    const step = broken({ cpuCores: 1.2 }, { venueMs: 280 });
    expect(nameOf(step, { ...CONTEXT, cores: 4 })).toBe("venue, backpressure");
    expect(nameOf(step)).toBe("cpu, saturation");
  });

  it("is the CPU when the machine that the lab shares with it is full", () => {
    const step = broken({ cpuCores: 0.5, eventLoopLagMsP99: 300 }, {}, { machineFullShare: 0.9 });
    expect(nameOf(step)).toBe("cpu, saturation");
  });

  it("is the event loop when timers are late and the CPU is idle, although every wait looks longer because of it", () => {
    expect(nameOf(broken({ eventLoopLagMsP99: 160 }, { venueMs: 200 }))).toBe("event-loop, backpressure");
  });

  it("is the event loop when it is blocked most of the time, and the CPU is idle", () => {
    const step = broken({ eventLoopLagMsP99: 100, eventLoopStalledShare: 0.9 }, { poolMs: 250 });
    expect(nameOf(step)).toBe("event-loop, backpressure");
  });

  it("is the CPU when the event loop is busy with computation", () => {
    const step = broken(
      { cpuCores: 0.75, eventLoopLagMsP99: 100, eventLoopStalledShare: 0.7 },
      { poolMs: 250 },
    );
    expect(nameOf(step)).toBe("cpu, saturation");
  });

  it("is the longest wait of operations, when that accounts for their latency", () => {
    expect(nameOf(broken({}, { poolMs: 250, databaseMs: 20 }))).toBe("pool, backpressure");
    expect(nameOf(broken({}, { locksMs: 200, databaseMs: 20 }))).toBe("locks, backpressure");
    expect(nameOf(broken({}, { databaseMs: 260, poolMs: 100 }))).toBe("database, backpressure");
    expect(nameOf(broken({}, { venueMs: 240, databaseMs: 15 }))).toBe("venue, backpressure");
  });

  it("is the locks when most connections that others wait for are waiting for one", () => {
    const step = broken({ poolActive: 10, lockWaiting: 8, statementMs: 90 }, { poolMs: 900, locksMs: 120 });
    expect(nameOf(step)).toBe("locks, backpressure");
  });

  it("is the locks when they make up a large part of the transactions' time", () => {
    expect(nameOf(broken({}, { databaseMs: 160, locksMs: 120 }))).toBe("locks, backpressure");
    expect(nameOf(broken({}, { databaseMs: 160, locksMs: 20 }))).toBe("database, backpressure");
  });

  it("is the database when a queue for connections results from slow statements", () => {
    const step = broken({ poolActive: 10, statementMs: 55 }, { poolMs: 900, databaseMs: 220 });
    expect(nameOf(step)).toBe("database, backpressure");
  });

  it("is the venue when transactions are long only because they call it", () => {
    expect(nameOf(broken({}, { databaseMs: 270, venueMs: 250 }))).toBe("venue, backpressure");
  });

  it("is not named when nothing measured accounts for the latency", () => {
    expect(nameOf(broken({}, { databaseMs: 30, venueMs: 20 }))).toBe("unexplained");
  });

  it("is the CPU when nothing else accounts for the latency and the CPU is nearly saturated", () => {
    expect(nameOf(broken({ cpuCores: 0.7 }, { databaseMs: 30 }))).toBe("cpu, saturation");
  });

  it("is not named without the CPU, nor without any measured wait", () => {
    expect(nameOf(broken({ cpuCores: null }, { poolMs: 250 }))).toBe("unexplained");
    const blind = { poolMs: null, locksMs: null, databaseMs: null, venueMs: null };
    expect(nameLimit(broken({}, blind), CONTEXT)).toEqual({
      kind: "unexplained",
      why: "The waits for pool, locks, database and venue could not be measured, and the CPU is at 20 %.",
    });
  });

  it("is explained with the figures", () => {
    expect(nameLimit(broken({}, { poolMs: 250 }), CONTEXT)).toMatchObject({
      why: "Requests wait for a connection: 250 ms for each operation, which takes 300 ms on average, while the CPU is at 20 %.",
    });
  });
});
