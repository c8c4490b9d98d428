import { describe, expect, it } from "vitest";
import type { Operation } from "../../load/index.ts";
import { placement, soundState } from "./final-state-fixture.ts";
import { counterQueries, metricsAgree } from "./metrics-agree.ts";

const REQUESTS = "requests";
const FAILED = "failures";
const BLOCKED = "blocked";

const operations: readonly Operation[] = Array.from({ length: 200 }, (_, index) =>
  placement({ id: index, idempotencyKey: `key-${index}` }),
);

interface Change {
  readonly requestsAreKnown?: boolean;
  readonly operations?: readonly Operation[];
  readonly values?: Readonly<Record<string, number | null>>;
}

/** The counters of a platform with 200 successful orders, some of them changed. */
function judged(counters: Readonly<Record<string, number | null>>, change: Change = {}) {
  const sound: Record<string, number | null> = {
    [REQUESTS]: 203,
    durations: 203,
    [FAILED]: 0,
    [BLOCKED]: 0,
    keyed: 200,
    conflicts: 0,
    accepted: 2,
    sockets: 2,
    ...counters,
  };
  const values = change.values ?? sound;
  return metricsAgree.check({
    ...soundState(),
    operations: change.operations ?? operations,
    offers: { ...soundState().offers, requestsAreKnown: change.requestsAreKnown ?? true },
    counters: { values, readAtRest: true, platformStartedAgain: false, openSockets: 2, ownRequests: 3 },
  });
}

describe("the platform's counters", () => {
  it("are not compared when its process was started again, with which they began anew", () => {
    const state = soundState();
    expect(metricsAgree.needs?.(state)).toBeNull();
    const startedAgain = { ...state, counters: { ...state.counters, platformStartedAgain: true } };
    expect(metricsAgree.needs?.(startedAgain)).toContain("killed and started again");
  });

  it("pass when they match what clients and venues did", () => {
    expect(judged({})).toMatchObject({ verdict: "pass", received: "8 counters" });
  });

  it("are inconclusive when they were not read after the load's end, whatever they were before", () => {
    const state = soundState();
    const early = { ...state, counters: { ...state.counters, readAtRest: false, values: { requests: 1 } } };
    expect(metricsAgree.check(early)).toMatchObject({ verdict: "inconclusive" });
  });

  it("fail when one does not increase", () => {
    expect(judged({ [REQUESTS]: 3 })).toMatchObject({
      verdict: "fail",
      received: "requests: counted 3, there were 200 to 303",
    });
  });

  it("fail when each request is counted twice", () => {
    expect(judged({ [REQUESTS]: 406 })).toMatchObject({ verdict: "fail" });
  });

  it("fail when failures are counted as something else", () => {
    const failing = operations.map((operation) => ({ ...operation, httpStatus: 503 }));
    expect(judged({ [FAILED]: 0 }, { operations: failing })).toMatchObject({
      verdict: "fail",
      received: "requests that failed: counted 0, there were 200 to 203",
    });
  });

  it("fail when blocked orders are not counted", () => {
    const blocked = operations.map((operation) => ({ ...operation, error: "risk_block" }));
    expect(judged({ [BLOCKED]: 0 }, { operations: blocked })).toMatchObject({
      verdict: "fail",
      received: "orders blocked by risk limits: counted 0, there were 200",
    });
  });

  it("fail when closed sockets are still counted", () => {
    expect(judged({ sockets: 12 })).toMatchObject({
      verdict: "fail",
      received: "open quote sockets: counted 12, there were 0 to 2",
    });
  });

  it("may deviate by requests whose answer never came", () => {
    const lost = operations.map((operation) => ({
      ...operation,
      outcome: "unknown" as const,
      httpStatus: null,
    }));
    expect(judged({}, { operations: lost })).toMatchObject({ verdict: "pass" });
  });

  it("are left out when the platform says that it lacks them", () => {
    const state = (lacksMetrics: readonly string[]) => ({
      ...soundState(),
      offers: { ...soundState().offers, lacksMetrics },
    });
    const all = Object.keys(counterQueries("/metrics"));
    expect(metricsAgree.needs?.(state(["ws_clients"]))).toBeNull();
    const everyMetric = [
      ...["http_requests_total", "http_request_duration_seconds", "risk_blocks_total", "orders_total"],
      ...["idempotency_requests_total", "idempotency_conflicts_total", "ws_clients"],
    ];
    expect(metricsAgree.needs?.(state(everyMetric))).toBe("counters in the platform's metrics");
    expect(all).toHaveLength(9);
  });

  it("of requests are left out when a driver speaks the API, which may send several for a question", () => {
    const byDriver = { requestsAreKnown: false };
    const unseen = operations.map((operation) => ({ ...operation, httpStatus: null }));
    expect(judged({ [REQUESTS]: 999 }, { ...byDriver, operations: unseen })).toMatchObject({
      verdict: "pass",
    });
    expect(judged({ accepted: 90 }, { ...byDriver, operations: unseen })).toMatchObject({ verdict: "fail" });
  });

  it("fail when one that the platform should have is not there, and something had to be counted", () => {
    expect(judged({ [REQUESTS]: null })).toMatchObject({
      verdict: "fail",
      received: "requests: counted nothing, there were 200 to 303",
    });
    expect(judged({ sockets: null })).toMatchObject({ verdict: "pass", received: "7 counters" });
  });

  it("leave out the requests for the metrics, wherever these are served", () => {
    expect(counterQueries("/internal/prom").requests).toBe(
      'sum(http_requests_total{route!="/internal/prom"})',
    );
  });
});
