import { describe, expect, it } from "vitest";
import { readResult } from "./read-result.ts";

function answered(status: number, body: unknown = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readResult({ kind: "answered", status, retryAfter: null, body: text });
}

describe("reading an answer", () => {
  it("keeps the ids, the status and the executed quantity of an order", () => {
    const order = {
      id: "o-1",
      clientOrderId: "c-1",
      status: "FILLED",
      executedQuantity: "0.00100",
      fills: [],
    };
    expect(answered(201, order)).toEqual({
      outcome: "succeeded",
      httpStatus: 201,
      error: null,
      orderId: "o-1",
      clientOrderId: "c-1",
      orderStatus: "FILLED",
      executedQuantity: "0.00100",
    });
  });

  it("counts an accepted order with an unknown outcome as succeeded: the platform has it and says so", () => {
    expect(answered(202, { id: "o-1", status: "UNKNOWN" })).toMatchObject({
      outcome: "succeeded",
      orderStatus: "UNKNOWN",
    });
  });

  it("counts the contract's refusals as rejected, with the platform's error code", () => {
    expect(answered(422, { error: "risk_block" })).toMatchObject({
      outcome: "rejected",
      error: "risk_block",
    });
    expect(answered(422, { error: "venue_rejected" })).toMatchObject({ outcome: "rejected" });
    expect(answered(423, { error: "execution_disabled" })).toMatchObject({ outcome: "rejected" });
    expect(answered(409, { error: "order_not_open" })).toMatchObject({ outcome: "rejected" });
  });

  it("counts every other status as failed", () => {
    expect(answered(409, { error: "idempotency_conflict" })).toMatchObject({ outcome: "failed" });
    for (const status of [400, 404, 429, 500, 502, 503]) expect(answered(status).outcome).toBe("failed");
  });

  it("recognizes an error page", () => {
    expect(answered(502, "<html>Bad Gateway")).toMatchObject({
      outcome: "failed",
      error: "http-502",
      orderId: null,
    });
    expect(answered(500, '{"id": "cut')).toMatchObject({
      outcome: "failed",
      error: "http-500",
      orderId: null,
    });
    expect(answered(201, { id: { odd: true } })).toMatchObject({ outcome: "succeeded", orderId: null });
  });

  it("distinguishes requests that never arrived from those that may have", () => {
    expect(readResult({ kind: "unsent", error: "ECONNREFUSED" })).toMatchObject({
      outcome: "failed",
      httpStatus: null,
    });
    expect(readResult({ kind: "lost", error: "timeout" })).toMatchObject({
      outcome: "unknown",
      httpStatus: null,
    });
  });
});
