import { describe, expect, it } from "vitest";
import { parseStats } from "./container-control.ts";

describe("the output of docker stats", () => {
  it("is parsed to processors by process, without containers that have just ended", () => {
    const names = new Map([
      ["4f2a", "spark"],
      ["77b0", "postgres"],
      ["9c1d", "proxy"],
    ]);
    const text = "4f2a 112.50%\n77b0 0.00%\n9c1d --\nffff 3.00%\n";
    expect([...parseStats(text, names)]).toEqual([
      ["spark", 1.125],
      ["postgres", 0],
    ]);
  });
});
