import { expect, it } from "vitest";
import { completeLoadPlan } from "../load-plan.ts";
import { FAKE_API } from "../testing/fake-api.ts";
import { startFakePlatform } from "../testing/fake-platform.ts";
import { measureThroughput } from "./run-autocannon.ts";

it("saturates with the order flow itself: each order with its own key, then looked up and canceled", async () => {
  await using platform = await startFakePlatform();
  const arrivals = { kind: "constant", rateRps: 0, durationMs: 1_000 } as const;
  const plan = completeLoadPlan({ baseUrl: platform.baseUrl, seed: 3, arrivals, api: FAKE_API });
  const throughput = await measureThroughput(plan, { connections: 2, durationMs: 1_000 });
  expect(throughput.answered).toBeGreaterThan(0);
  expect(throughput.rateRps).toBeCloseTo(throughput.answered, -3);
  const keys = platform.seen.flatMap(({ key }) => key ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  const orders = platform.seen.filter(({ path }) => /^\/api\/orders\/order-\d+$/.test(path));
  expect(new Set(orders.map(({ method }) => method))).toEqual(new Set(["GET", "DELETE"]));
  expect(throughput.failed).toBe(0);
});
