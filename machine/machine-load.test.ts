import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type CpuTicks, machineLoadOf, readCpuTicks } from "./machine-load.ts";

/** Samples of a machine with two CPUs a second apart, from the ticks of each second. */
function samples(...seconds: readonly { readonly ours: number; readonly foreign: number }[]): CpuTicks[] {
  const all: CpuTicks[] = [{ capacity: 1_000, idle: 400, ours: 100 }];
  for (const { ours, foreign } of seconds) {
    const last = all.at(-1) ?? { capacity: 0, idle: 0, ours: 0 };
    all.push({
      capacity: last.capacity + 200,
      idle: last.idle + 200 - ours - foreign,
      ours: last.ours + ours,
    });
  }
  return all;
}

describe("the load of the machine", () => {
  it("is contended in the seconds in which it is fully loaded and others use a large part of it", () => {
    const load = machineLoadOf(samples({ ours: 60, foreign: 140 }, { ours: 60, foreign: 0 }));
    expect(load).toEqual({
      kind: "measured",
      contendedShare: 0.5,
      fullShare: 0.5,
      foreignShare: 0.35,
      spans: 2,
    });
  });

  it("is not contended by an experiment that fills the machine itself", () => {
    expect(machineLoadOf(samples({ ours: 200, foreign: 0 }, { ours: 190, foreign: 10 }))).toMatchObject({
      contendedShare: 0,
      fullShare: 1,
    });
  });

  it("is not contended by others as long as CPU time is left", () => {
    expect(machineLoadOf(samples({ ours: 20, foreign: 120 }))).toMatchObject({ contendedShare: 0 });
  });

  it("is unknown before there are two samples", () => {
    expect(machineLoadOf([])).toEqual({ kind: "unknown" });
    expect(machineLoadOf(samples())).toEqual({ kind: "unknown" });
  });
});

describe.skipIf(!existsSync("/proc/stat"))("the system's CPU times (skipped where there is no /proc)", () => {
  it("count a child's time as ours, even after it has ended", async () => {
    const before = await readCpuTicks(process.pid);
    const work = "const until = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < until);";
    const child = spawn(process.execPath, ["-e", work]);
    await new Promise((resolve) => child.once("exit", resolve));
    const after = await readCpuTicks(process.pid);
    // 300 ms are 30 ticks of a hundredth of a second.
    expect((after?.ours ?? 0) - (before?.ours ?? 0)).toBeGreaterThanOrEqual(25);
    expect((after?.capacity ?? 0) - (before?.capacity ?? 0)).toBeGreaterThan(0);
  });
});
