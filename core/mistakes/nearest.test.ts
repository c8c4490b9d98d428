import { describe, expect, it } from "vitest";
import { nearestTo } from "./nearest.ts";

const ATTRIBUTES = ["kind", "link", "method", "path", "every", "delayMs", "jitterMs"];

describe("the name that was probably meant", () => {
  it.each([
    ["delayms", "delayMs"],
    ["delay", "delayMs"],
    ["jiterMs", "jitterMs"],
    ["evry", "every"],
    ["lnik", "link"],
  ])("of %s is %s", (name, meant) => {
    expect(nearestTo(name, ATTRIBUTES)).toEqual({ kind: "meant", name: meant });
  });

  it("is not guessed when none is similar, but the most similar ones are listed", () => {
    expect(
      nearestTo("NoSuchTrigger", ["FeedStale", "ApiLatencyP95High", "PgBouncerDown", "RiskBlocks"]),
    ).toEqual({
      kind: "nearest",
      names: expect.arrayContaining(["FeedStale"]),
    });
  });

  it("does not exist when there are no valid names", () => {
    expect(nearestTo("x", [])).toEqual({ kind: "nearest", names: [] });
  });
});
