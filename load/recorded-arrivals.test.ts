import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plannedStartsMs } from "./arrivals.ts";
import { completeLoadPlan } from "./load-plan.ts";
import { parseRecordedArrivals, readRecordedArrivals } from "./recorded-arrivals.ts";

const parse = (text: string) => parseRecordedArrivals(text, "even", "night.csv");
const starts = (text: string) => [...plannedStartsMs(parse(text), 1)];

describe("recorded arrivals", () => {
  it("start operations exactly at the recorded times", () => {
    expect(starts("at_ms\n0\n0\n12.5\n300\n")).toEqual([0, 0, 12.5, 300]);
  });

  it("accept comments, blank lines, a byte-order mark and Windows line ends", () => {
    expect(starts("\uFEFF# Friday's open\r\nAT_MS\r\n\r\n1\r\n# a pause\r\n2\r\n")).toEqual([1, 2]);
  });

  it("last until just after the last start", () => {
    expect(parse("at_ms\n5\n700.25")).toMatchObject({ kind: "starts", durationMs: 701 });
  });

  it("follow recorded rates in straight lines, with a step where two rates share a time", () => {
    const startsMs = starts("at_ms,rate_rps\n0, 0\n1000, 100\n1000, 500\n2000, 500\n");
    expect(startsMs.filter((startMs) => startMs < 1_000)).toHaveLength(50);
    expect(startsMs.filter((startMs) => startMs >= 1_000)).toHaveLength(500);
    expect(startsMs[25]).toBeCloseTo(Math.sqrt(0.5) * 1_000, 6);
  });

  it("read back any ascending starts that were written", () => {
    const offsets = fc.array(
      fc.double({ min: 0, max: 1e6, noNaN: true }).map((ms) => Number(ms.toFixed(3))),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(offsets, (offsetsMs) => {
        const sorted = offsetsMs.toSorted((one, other) => one - other);
        const arrivals = parse(["at_ms", ...sorted].join("\n"));
        expect([...plannedStartsMs(arrivals, 1)]).toEqual(sorted);
        // The plan must accept everything that the parser accepts.
        completeLoadPlan({
          baseUrl: "http://127.0.0.1",
          seed: 1,
          arrivals,
        });
      }),
    );
  });

  it.each([
    ["", "header at_ms or at_ms,rate_rps in line 1"],
    ["time\n1", 'in line 1 of night.csv, got "time"'],
    ["at_ms", "at least one start"],
    ["at_ms\n5\n4", "5 ms or later in line 3"],
    ["at_ms\n-1", "one number in line 2"],
    ["at_ms\n1,2", "one number in line 2"],
    ["at_ms,rate_rps\n0,1\n10", "2 numbers with a comma in line 3"],
    ["at_ms,rate_rps\n5,1\n10,1", "a rate at 0 ms first in line 2"],
    ["at_ms,rate_rps\n0,1", "a rate after 0 ms"],
  ])("are refused with the line when they are invalid: %j", (text, reason) => {
    expect(() => parse(text)).toThrow(reason);
  });

  it("are refused when their file cannot be read", async () => {
    await expect(readRecordedArrivals("/nowhere/night.csv", "even")).rejects.toMatchObject({
      code: "no-arrivals-file",
    });
  });
});
