import { describe, expect, it } from "vitest";
import { nearestTo } from "./nearest.ts";

const ATTRIBUTES = ["kind", "link", "method", "path", "every", "delayMs", "jitterMs"];

describe("the name that may have been meant", () => {
  it.each([
    ["delayms", "delayMs"],
    ["delay", "delayMs"],
    ["jiterMs", "jitterMs"],
    ["evry", "every"],
    ["lnik", "link"],
  ])("of %s is %s", (name, meant) => {
    expect(nearestTo(name, ATTRIBUTES)).toEqual({ kind: "meant", name: meant });
  });

  it("is not guessed where none is near, but the nearest are told", () => {
    expect(
      nearestTo("NoSuchTrigger", ["FeedStale", "ApiLatencyP95High", "PgBouncerDown", "RiskBlocks"]),
    ).toEqual({
      kind: "nearest",
      names: expect.arrayContaining(["FeedStale"]),
    });
  });

  it("is none where nothing is known", () => {
    expect(nearestTo("x", [])).toEqual({ kind: "nearest", names: [] });
  });
});
