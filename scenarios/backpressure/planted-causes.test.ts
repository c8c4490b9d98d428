import { describe, expect, it } from "vitest";
import { LIMITS } from "../../evidence/index.ts";
import { PLANTED_CAUSES } from "./planted-causes.ts";

describe("the planted causes", () => {
  it("are one for each limit of a platform", () => {
    expect(PLANTED_CAUSES.map(({ limit }) => limit)).toEqual([...LIMITS]);
  });
});
