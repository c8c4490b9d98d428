import { describe, expect, it } from "vitest";
import { isOver, orderStateOf, statesAgree } from "./order-state.ts";

describe("the state of an order", () => {
  it.each([
    ["NEW", "open"],
    ["partially-filled", "open"],
    ["PARTIALLY_FILLED", "open"],
    ["Filled", "filled"],
    ["CANCELLED", "canceled"],
    ["canceled", "canceled"],
    ["expired-in-match", "expired"],
    ["REJECTED", "rejected"],
    ["WAITING_FOR_GODOT", "unrecognized"],
  ] as const)("is read from %s as %s", (word, state) => {
    expect(orderStateOf(word)).toBe(state);
  });

  it("is final when the order can change no more, which an unknown status does not say", () => {
    expect(
      ["filled", "canceled", "expired", "rejected"].map((word) => isOver(orderStateOf(word))),
    ).not.toContain(false);
    expect([isOver("open"), isOver("unrecognized")]).toEqual([false, false]);
  });

  it("accepts a platform's canceled for its venue's expired, not the other way round", () => {
    expect(statesAgree("canceled", "expired")).toBe(true);
    expect(statesAgree("expired", "canceled")).toBe(false);
    expect(statesAgree("filled", "open")).toBe(false);
    expect(statesAgree("unrecognized", "open")).toBe(true);
  });
});
