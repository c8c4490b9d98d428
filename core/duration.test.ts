import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDurationMs } from "./duration.ts";

describe("durations", () => {
  it("reads Prometheus's notation into milliseconds", () => {
    expect(parseDurationMs("250ms")).toBe(250);
    expect(parseDurationMs("5m")).toBe(300_000);
    expect(parseDurationMs("1h30m")).toBe(5_400_000);
    expect(parseDurationMs("0")).toBe(0);
  });

  it("names what it expected when it cannot read one", () => {
    for (const text of ["", "5", "5 m", "m5", "1.5s", "-1s", "5minutes", "1m1h", "1m1m", "300y"]) {
      expect(() => parseDurationMs(text)).toThrow(/Expected a duration such as 250ms/);
    }
  });

  it("adds the parts of a compound duration", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), (minutes, seconds) => {
        expect(parseDurationMs(`${minutes}m${seconds}s`)).toBe(minutes * 60_000 + seconds * 1_000);
      }),
    );
  });

  it("formats them for display", () => {
    expect(formatDuration(849.6)).toBe("850 ms");
    expect(formatDuration(1_500)).toBe("1.5 s");
    expect(formatDuration(125_000)).toBe("2 min 5 s");
    expect(formatDuration(120_000)).toBe("2 min");
  });
});
