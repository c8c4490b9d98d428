import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completeFault, injectFault } from "../../chaos/index.ts";
import type { FaultBite } from "../../core/index.ts";
import { faultContextOf } from "../fault-context.ts";
import type { Lab } from "../lab.ts";
import { labOf, writeTinyPlatform } from "../testing/lab-options.ts";
import { makeTestDirectory, removeTestDirectory } from "../testing/test-directory.ts";
import { findLibrary } from "./libfaketime.ts";
import { startLocalLab } from "./start-local-lab.ts";

const IS_INSTALLED = (await findLibrary()) !== null;
const DAY_MS = 86_400_000;
const SLACK_MS = 5_000;

// A platform whose answers state its time of day, and how long it has run by the clock that nobody can set.
const CLOCK = `import { createServer } from "node:http";
createServer((request, response) => {
  response.end(JSON.stringify({ nowMs: Date.now(), upMs: performance.now() }));
}).listen(Number(process.env.PORT), process.env.HOST);
`;

let directory = "";
beforeAll(async () => {
  directory = await makeTestDirectory();
});
afterAll(() => removeTestDirectory(directory));

describe.skipIf(!IS_INSTALLED)(
  "a lab whose platform's clock can be stepped (skipped without libfaketime)",
  () => {
    let lab: Lab;
    beforeAll(async () => {
      const platform = await writeTinyPlatform(join(directory, "platform"));
      await writeFile(join(directory, "platform/server.mjs"), CLOCK);
      lab = await startLocalLab({ ...labOf(platform, directory), stepsClock: true });
    }, 60_000);
    afterAll(() => lab.stop());

    const seenMs = (bite: FaultBite) => (bite.kind === "lasted" ? bite.durationMs : 0);
    const look = async () =>
      (await (await fetch(lab.addresses.platform)).json()) as { nowMs: number; upMs: number };
    const aheadMs = async () => (await look()).nowMs - Date.now();
    const step = (direction: "ahead" | "behind") => {
      const fault = { kind: "clock-step", process: "platform", stepMs: DAY_MS, direction };
      return injectFault(completeFault(fault), faultContextOf(lab, lab.proxy));
    };

    const farFrom = async (expectedMs: number) => Math.abs((await aheadMs()) - expectedMs);
    const WAIT = { timeout: 15_000 };

    it("steps it, as its answers show, and steps it back by healing", async () => {
      expect(await farFrom(0)).toBeLessThan(SLACK_MS);
      const before = await look();
      for (const direction of ["ahead", "behind"] as const) {
        const fault = await step(direction);
        await expect
          .poll(() => farFrom(direction === "ahead" ? DAY_MS : -DAY_MS), WAIT)
          .toBeLessThan(SLACK_MS);
        await expect.poll(() => fault.bite().then(seenMs), WAIT).toBeGreaterThan(0);
        await fault.heal();
        expect(await farFrom(0)).toBeLessThan(SLACK_MS);
      }
      // The clock by which it waits went on as before.
      expect((await look()).upMs).toBeGreaterThan(before.upMs);
      expect((await look()).upMs).toBeLessThan(DAY_MS);
    }, 60_000);

    it("has the machine's clock again after a reset", async () => {
      await step("ahead");
      await lab.reset(2);
      expect(await farFrom(0)).toBeLessThan(SLACK_MS);
    }, 60_000);
  },
);

describe("a machine without libfaketime", () => {
  it("is told how to get it", async () => {
    await mkdir(join(directory, "empty"));
    expect(await findLibrary([join(directory, "empty"), join(directory, "missing")])).toBeNull();
  });
});
