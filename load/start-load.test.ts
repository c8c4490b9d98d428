import { describe, expect, it } from "vitest";
import type { LoadPlanInput } from "./load-plan.ts";
import type { LoadTick } from "./load-result.ts";
import { startLoad } from "./start-load.ts";
import { FAKE_API } from "./testing/fake-api.ts";
import {
  type FakeAnswer,
  healthyAnswer,
  type SeenRequest,
  startFakePlatform,
} from "./testing/fake-platform.ts";

/** 50 orders within a tenth of a second, on Binance only. */
const orders: Omit<LoadPlanInput, "baseUrl"> = {
  seed: 7,
  api: FAKE_API,
  arrivals: { kind: "constant", rateRps: 500, durationMs: 100 },
  workload: { kind: "order-flow", mix: { place: 1 }, venues: { binance: 1 }, retryPauseMs: 20 },
  // The limits allow for a machine that others use too.
  maxLagMsP99: 5_000,
};

async function runToEnd(plan: LoadPlanInput) {
  const ticks: LoadTick[] = [];
  await using load = await startLoad(plan);
  load.onTick((tick) => ticks.push(tick));
  await load.arrivalsEnded();
  await load.settle();
  return { ...(await load.stop()), ticks };
}

/** Answers orders as configured and everything else successfully. */
function ordersAnswered(answer: (request: SeenRequest, tryOfKey: number) => FakeAnswer) {
  const tries = new Map<string, number>();
  return (request: SeenRequest, count: number): FakeAnswer => {
    if (request.method !== "POST" || request.key === undefined) return healthyAnswer(request, count);
    const tryOfKey = (tries.get(request.key) ?? 0) + 1;
    tries.set(request.key, tryOfKey);
    return answer(request, tryOfKey);
  };
}

describe("the start of a load", () => {
  it("is stated by the clock that is handed in, and operations count from it whatever that clock says", async () => {
    await using platform = await startFakePlatform();
    const clock = { nowMs: () => Date.now() + 3_600_000 };
    const beforeMs = clock.nowMs();
    await using load = await startLoad({ ...orders, baseUrl: platform.baseUrl }, clock);
    await load.arrivalsEnded();
    await load.settle();
    const { startedAtEpochMs, operations, durationMs } = await load.stop();
    expect(startedAtEpochMs).toBeGreaterThanOrEqual(beforeMs);
    expect(startedAtEpochMs).toBeLessThanOrEqual(clock.nowMs());
    expect(operations.length).toBeGreaterThan(0);
    for (const { plannedAtMs, endedAtMs } of operations) {
      expect(plannedAtMs).toBeGreaterThanOrEqual(0);
      expect(endedAtMs).toBeLessThanOrEqual(durationMs);
    }
  });
});

describe("a load of orders", () => {
  it("keeps a history of every operation, with its request and its answer", async () => {
    await using platform = await startFakePlatform();
    const result = await runToEnd({ ...orders, baseUrl: platform.baseUrl, keyPrefix: "night" });
    expect(result.operations).toHaveLength(50);
    expect(result.totals.outcomes).toEqual({ succeeded: 50, rejected: 0, failed: 0, unknown: 0, dropped: 0 });
    const posts = platform.seen.filter(({ method }) => method === "POST");
    for (const { key, body } of posts) {
      const operation = result.operations.find(({ idempotencyKey }) => idempotencyKey === key);
      const { price, ...rest } = operation?.request.order ?? { price: null };
      expect(JSON.parse(body)).toEqual(price === null ? rest : { ...rest, price });
      expect(operation).toMatchObject({ kind: "place", outcome: "succeeded", httpStatus: 201, attempt: 1 });
      expect(operation?.orderId).toMatch(/^order-/);
      expect(operation?.clientOrderId).toMatch(/^client-/);
    }
    expect(new Set(posts.map(({ key }) => key)).size).toBe(50);
    expect(result.generator.state).toBe("sound");
  });

  it("never starts before the plan, and keeps the plan's times", async () => {
    await using platform = await startFakePlatform();
    const { operations } = await runToEnd({ ...orders, baseUrl: platform.baseUrl });
    const planned = operations.map(({ plannedAtMs }) => plannedAtMs).sort((a, b) => a - b);
    planned.forEach((plannedAtMs, index) => {
      expect(plannedAtMs).toBeCloseTo(index * 2, 6);
    });
    for (const { plannedAtMs, startedAtMs, endedAtMs } of operations) {
      expect(startedAtMs).toBeGreaterThanOrEqual(plannedAtMs);
      expect(endedAtMs).toBeGreaterThanOrEqual(startedAtMs);
    }
  });

  it("repeats with its seed: the same orders with the same keys", async () => {
    const bodies = async () => {
      await using platform = await startFakePlatform();
      await runToEnd({ ...orders, baseUrl: platform.baseUrl, keyPrefix: "again" });
      const posts = platform.seen.filter(({ method }) => method === "POST");
      return posts.map(({ key, body }) => `${key} ${body}`).sort();
    };
    expect(await bodies()).toEqual(await bodies());
  });

  it("retries an order with the same key and body when its answer was lost", async () => {
    await using platform = await startFakePlatform(
      ordersAnswered((request, tryOfKey) => (tryOfKey === 1 ? "cut" : healthyAnswer(request, 1))),
    );
    const { operations, totals } = await runToEnd({ ...orders, baseUrl: platform.baseUrl });
    expect(totals.outcomes).toMatchObject({ unknown: 50, succeeded: 50 });
    const firsts = new Map(
      operations.filter(({ attempt }) => attempt === 1).map((first) => [first.id, first]),
    );
    for (const second of operations.filter(({ attempt }) => attempt === 2)) {
      const first = firsts.get(second.attemptOf ?? -1);
      expect(first).toMatchObject({
        outcome: "unknown",
        httpStatus: null,
        idempotencyKey: second.idempotencyKey,
      });
      expect(first?.request).toEqual(second.request);
      expect(second.plannedAtMs).toBeCloseTo((first?.endedAtMs ?? 0) + 20, 6);
    }
    const bodiesOfKey = new Map<string, Set<string>>();
    for (const { key, body } of platform.seen) {
      if (key !== undefined) bodiesOfKey.set(key, (bodiesOfKey.get(key) ?? new Set()).add(body));
    }
    expect([...bodiesOfKey.values()].every((bodies) => bodies.size === 1)).toBe(true);
  });

  it("stops after three attempts when the server fails", async () => {
    await using platform = await startFakePlatform(
      ordersAnswered(() => ({ status: 503, body: { error: "down" } })),
    );
    const { operations, totals } = await runToEnd({ ...orders, baseUrl: platform.baseUrl });
    expect(totals.outcomes).toMatchObject({ failed: 150 });
    expect(Math.max(...operations.map(({ attempt }) => attempt))).toBe(3);
    expect(totals.errorRatio).toBe(1);
  });

  it("counts the contract's refusals as rejected, and does not retry them", async () => {
    const refusals: FakeAnswer[] = [
      { status: 422, body: { error: "risk_block", reason: "stale" } },
      { status: 423, body: { error: "execution_disabled" } },
    ];
    let count = 0;
    await using platform = await startFakePlatform(ordersAnswered(() => refusals[count++ % 2] ?? "cut"));
    const { operations, totals } = await runToEnd({ ...orders, baseUrl: platform.baseUrl });
    expect(totals.outcomes).toMatchObject({ rejected: 50, failed: 0 });
    expect(new Set(operations.map(({ error }) => error))).toEqual(
      new Set(["risk_block", "execution_disabled"]),
    );
  });

  it("counts a refused connection as failed: the order never arrived", async () => {
    const platform = await startFakePlatform();
    await platform[Symbol.asyncDispose]();
    const workload = { ...orders.workload, kind: "order-flow", quotesWithinMs: 0, maxAttempts: 1 } as const;
    const { operations, totals } = await runToEnd({ ...orders, workload, baseUrl: platform.baseUrl });
    expect(totals.outcomes).toMatchObject({ failed: 50, unknown: 0 });
    expect(operations[0]).toMatchObject({ error: "ECONNREFUSED", httpStatus: null });
  });

  it("queries and cancels the orders that it placed, and reads positions and quotes", async () => {
    await using platform = await startFakePlatform();
    const workload = { kind: "order-flow" } as const;
    const arrivals = { kind: "constant", rateRps: 500, durationMs: 400 } as const;
    const { operations } = await runToEnd({ ...orders, workload, arrivals, baseUrl: platform.baseUrl });
    const kinds = new Set(operations.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(["place", "query", "cancel", "positions", "quote"]));
    const placed = new Set(operations.filter(({ kind }) => kind === "place").map(({ orderId }) => orderId));
    for (const { kind, orderId } of operations) {
      if (kind === "query" || kind === "cancel") expect(placed).toContain(orderId);
    }
    const canceled = operations.filter(({ kind }) => kind === "cancel").map(({ orderId }) => orderId);
    expect(new Set(canceled).size).toBe(canceled.length);
  });

  it("submits a share of the orders twice at once, with one key and body, like clients that click twice", async () => {
    await using platform = await startFakePlatform();
    const workload = { kind: "order-flow", mix: { place: 1 }, doubleSubmitShare: 0.3 } as const;
    const { operations } = await runToEnd({ ...orders, workload, baseUrl: platform.baseUrl });
    const byKey = Map.groupBy(operations, ({ idempotencyKey }) => idempotencyKey);
    expect(byKey.size).toBe(50);
    const doubled = [...byKey.values()].filter((group) => group.length === 2);
    expect(doubled.length).toBeGreaterThan(5);
    expect(doubled.length).toBeLessThan(30);
    for (const [first, second] of doubled) {
      expect(second).toMatchObject({ attempt: 1, attemptOf: null, plannedAtMs: first?.plannedAtMs });
      expect(second?.request).toEqual(first?.request);
    }
  });

  it("draws the same orders from a seed, whatever share is submitted twice", async () => {
    const wanted = async (doubleSubmitShare: number) => {
      await using platform = await startFakePlatform();
      const workload = { kind: "order-flow", mix: { place: 1 }, doubleSubmitShare } as const;
      await runToEnd({ ...orders, workload, baseUrl: platform.baseUrl, keyPrefix: "share" });
      const posts = platform.seen.filter(({ method }) => method === "POST");
      return [...new Set(posts.map(({ key, body }) => `${key} ${body}`))].sort();
    };
    expect(await wanted(1)).toEqual(await wanted(0));
  });

  it("keeps a quote stream with pings besides the orders, and reconnects after a loss", async () => {
    await using platform = await startFakePlatform();
    await using load = await startLoad({
      ...orders,
      baseUrl: platform.baseUrl,
      arrivals: { kind: "constant", rateRps: 20, durationMs: 60_000 },
      workload: { kind: "order-flow", pingIntervalMs: 20 },
    });
    await platform.untilPinged(1);
    platform.cutWebSockets();
    await platform.untilPinged(2);
    const { quoteStream } = await load.stop();
    expect(quoteStream).toMatchObject({ disconnects: 1, unreadable: 0 });
    expect(quoteStream?.connects).toBeGreaterThanOrEqual(2);
    expect(quoteStream?.pongs).toBeGreaterThan(0);
    expect(quoteStream?.roundTripMs.max).not.toBeNull();
  });
});

describe("a running load", () => {
  it("reports planned and completed operations in ticks, which add up to the totals", async () => {
    await using platform = await startFakePlatform();
    const { ticks, totals, startedAtEpochMs } = await runToEnd({ ...orders, baseUrl: platform.baseUrl });
    const sum = (count: (tick: LoadTick) => number) => ticks.reduce((total, tick) => total + count(tick), 0);
    expect(sum(({ planned }) => planned)).toBe(50);
    expect(sum(({ completed }) => completed)).toBe(50);
    expect(sum(({ succeeded }) => succeeded)).toBe(totals.outcomes.succeeded);
    expect(ticks.at(-1)?.inFlight).toBe(0);
    expect(ticks.every((tick) => tick.startedAtEpochMs === startedAtEpochMs)).toBe(true);
    const quiet = ticks.filter(({ completed }) => completed === 0);
    expect(quiet.every(({ latencyMs }) => latencyMs.p99 === null)).toBe(true);
  });

  it("drops operations beyond its limit in flight instead of delaying them, and is then unsound", async () => {
    await using platform = await startFakePlatform(() => "hang");
    await using load = await startLoad({
      ...orders,
      baseUrl: platform.baseUrl,
      workload: { kind: "request" },
      maxInFlight: 10,
    });
    await load.arrivalsEnded();
    const { totals, generator, operations } = await load.stop();
    expect(totals.outcomes).toMatchObject({ unknown: 10, dropped: 40 });
    expect(generator).toMatchObject({ state: "unsound", dropped: 40 });
    expect(operations.find(({ outcome }) => outcome === "dropped")).toMatchObject({ error: "max-in-flight" });
  });

  it("stops at once and counts operations in flight as unknown", async () => {
    await using platform = await startFakePlatform(() => "hang");
    await using load = await startLoad({
      ...orders,
      baseUrl: platform.baseUrl,
      workload: { kind: "request" },
    });
    await load.arrivalsEnded();
    const { operations } = await load.stop();
    expect(operations).toHaveLength(50);
    expect(operations.every(({ outcome, error }) => outcome === "unknown" && error === "stopped")).toBe(true);
    expect(await load.stop()).toBe(await load.stop());
  });

  it("settles early: plans no further operations and waits for the answers", async () => {
    await using platform = await startFakePlatform();
    const arrivals = { kind: "constant", rateRps: 50, durationMs: 3_600_000 } as const;
    await using load = await startLoad({ ...orders, arrivals, baseUrl: platform.baseUrl });
    await new Promise<void>((resolve) => {
      load.onTick((tick) => tick.completed > 0 && resolve());
    });
    await load.settle();
    const { totals } = await load.stop();
    expect(totals.outcomes).toMatchObject({ unknown: 0, succeeded: totals.operations });
  });

  it("refuses an invalid plan, and names the field", async () => {
    const plan = { ...orders, baseUrl: "http://127.0.0.1:1", timeoutMs: -1 };
    await expect(startLoad(plan)).rejects.toMatchObject({ code: "bad-load-plan", exitCode: 64 });
    await expect(startLoad(plan)).rejects.toThrow(/timeoutMs/);
  });
});
