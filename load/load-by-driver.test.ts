import { describe, expect, it } from "vitest";
import { API_SCHEMA, DRIVER_INPUT_FILE } from "../api/index.ts";
import type { LoadPlanInput } from "./load-plan.ts";
import { startLoad } from "./start-load.ts";

/** 50 orders within a tenth of a second; the driver talks to nobody. */
const orders: LoadPlanInput = {
  seed: 7,
  baseUrl: "http://127.0.0.1:1",
  arrivals: { kind: "constant", rateRps: 500, durationMs: 100 },
  workload: { kind: "order-flow", mix: { place: 1 }, venues: { binance: 1 }, retryPauseMs: 20 },
  // The limits allow for a machine that others use too.
  maxLagMsP99: 5_000,
  timeoutMs: 60_000,
};

async function runToEnd(plan: LoadPlanInput) {
  await using load = await startLoad(plan);
  await load.arrivalsEnded();
  await load.settle();
  return load.stop();
}

describe("a load by a driver", () => {
  const driverOf = (script: string): Pick<LoadPlanInput, "api" | "driver"> => ({
    api: API_SCHEMA.parse({ driver: { command: ["unused"], startsWithin: "2m" } }),
    driver: {
      command: [
        "/bin/sh",
        "-c",
        `exec "$@" <&${DRIVER_INPUT_FILE}`,
        "driver",
        process.execPath,
        "-e",
        script,
      ],
      ...{ environment: { PATH: "/usr/bin:/bin" }, workingDirectory: "/", logPath: null, secrets: [] },
    },
  });
  const hello = `console.log('{"protocol":1,"can":["place","query"]}');`;
  const eachLine =
    'require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {';

  it("has its times taken by kanit, and its answers kept as those of a mapping", async () => {
    const answer = `const { id, input } = JSON.parse(line); console.log(JSON.stringify({ id, outcome: "ok", answer: { id: input.key, status: "open" } })); });`;
    const plan = { ...orders, ...driverOf(`${hello} ${eachLine} ${answer}`) };
    const { operations, totals, unmapped } = await runToEnd({ ...plan, keyPrefix: "k" });
    expect(totals.outcomes.succeeded).toBe(50);
    expect(unmapped.count).toBe(0);
    for (const { orderId, idempotencyKey, endedAtMs, startedAtMs } of operations) {
      expect(orderId).toBe(idempotencyKey);
      expect(endedAtMs).toBeGreaterThan(startedAtMs);
    }
  });

  it("says that nothing was learned after the driver has ended, and why", async () => {
    const plan = driverOf(`${hello} ${eachLine} console.error("broken"); process.exit(3); });`);
    const { operations, unmapped } = await runToEnd({ ...orders, ...plan });
    expect(unmapped.count).toBe(operations.length);
    expect(unmapped.first).toBe("the driver ended with exit code 3; its last output: broken");
  });

  it("does not begin when the driver does not say what it can do", async () => {
    const plan = { ...orders, ...driverOf("process.exit(4)") };
    await expect(startLoad(plan)).rejects.toMatchObject({ code: "driver-not-ready", exitCode: 69 });
  });
});
