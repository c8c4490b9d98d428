import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INTERVAL_NAMES, intervalOf } from "./interval.ts";

const at = (text: string): number => Date.parse(text);

describe("an interval", () => {
  it.each([
    ["1s", "2024-08-08T23:54:13.937Z", "2024-08-08T23:54:13Z", "2024-08-08T23:54:14Z"],
    ["1m", "2024-08-08T23:54:13.937Z", "2024-08-08T23:54:00Z", "2024-08-08T23:55:00Z"],
    ["12h", "2024-08-08T23:54:13.937Z", "2024-08-08T12:00:00Z", "2024-08-09T00:00:00Z"],
    ["1w", "2024-08-08T23:54:13.937Z", "2024-08-05T00:00:00Z", "2024-08-12T00:00:00Z"],
    ["1M", "2024-08-08T23:54:13.937Z", "2024-08-01T00:00:00Z", "2024-09-01T00:00:00Z"],
  ])("of %s begins at the same time as the venue's", (name, time, start, next) => {
    const interval = intervalOf(name);
    expect(interval?.startOf(at(time))).toBe(at(start));
    expect(interval?.after(at(start))).toBe(at(next));
  });

  it("begins its days in the given time zone", () => {
    const eastern = intervalOf("1d", 8 * 3_600_000);
    expect(eastern?.startOf(at("2024-08-08T17:00:00Z"))).toBe(at("2024-08-08T16:00:00Z"));
  });

  it("is unknown by any other name", () => {
    expect(["7m", "1S", "", "1mo", "constructor"].map((name) => intervalOf(name))).toEqual(
      Array(5).fill(undefined),
    );
  });

  it("contains every time between its start and the next", () => {
    const time = fc.integer({ min: at("2017-01-01"), max: at("2030-01-01") });
    const zone = fc.integer({ min: -12, max: 14 }).map((hours) => hours * 3_600_000);
    fc.assert(
      fc.property(fc.constantFrom(...INTERVAL_NAMES), time, zone, (name, atMs, offsetMs) => {
        const interval = intervalOf(name, offsetMs);
        const startMs = interval?.startOf(atMs) ?? Number.NaN;
        const nextMs = interval?.after(startMs) ?? Number.NaN;
        expect(startMs <= atMs && atMs < nextMs).toBe(true);
        expect(interval?.startOf(nextMs)).toBe(nextMs);
        expect(interval?.startOf(nextMs - 1)).toBe(startMs);
      }),
    );
  });
});
