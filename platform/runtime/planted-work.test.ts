import { describe, expect, it } from "vitest";
import { computeForNothing, waitSynchronously } from "./planted-work.ts";

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

describe("the work of planted defects", () => {
  it("costly-request uses the CPU, however busy the machine is", () => {
    const before = cpuMs();
    for (let request = 0; request < 10; request++) computeForNothing();
    expect(cpuMs() - before).toBeGreaterThanOrEqual(70);
  });

  it("synchronous-wait waits and blocks everything else", async () => {
    let ran = false;
    setImmediate(() => {
      ran = true;
    });
    const startMs = performance.now();
    waitSynchronously();
    expect(ran).toBe(false);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(59);
    await expect.poll(() => ran).toBe(true);
  });
});
