import { describe, expect, it } from "vitest";
import { counted } from "../../core/index.ts";
import {
  formatBytes,
  formatCommit,
  formatMoment,
  formatNumber,
  formatTimestamp,
  formatValue,
  percentOf,
} from "./format.ts";

describe("figures for display", () => {
  it("have no more digits than useful", () => {
    expect([0, 0.421, 3.66, 41.3, 1204.2].map(formatNumber)).toEqual(["0", "0.42", "3.7", "41", "1,204"]);
  });

  it("have their unit, or a dash when nothing was measured", () => {
    expect(formatValue(12.4, "ms")).toBe("12 ms");
    expect(formatValue(120, "1/s")).toBe("120/s");
    expect(formatValue(null, "%")).toBe("–");
  });

  it("format times, counts, bytes and durations", () => {
    expect(formatMoment(12_340)).toBe("12.3 s");
    expect([counted(1, "fault"), counted(0, "fault")]).toEqual(["1 fault", "0 faults"]);
    expect([0, 512, 12_700, 2 ** 30].map(formatBytes)).toEqual(["0 B", "512 B", "12.4 KiB", "1 GiB"]);
    expect(formatTimestamp("2025-08-01T02:00:00.123Z")).toBe("2025-08-01 02:00:00 UTC");
    expect(formatTimestamp("yesterday")).toBe("yesterday");
  });

  it("shorten a commit, but keep that the checkout was changed", () => {
    expect(formatCommit("22bb317d0c1f4f0d8a5c9d2f6b7e8091a2b3c4d5")).toBe("22bb317d0c1f");
    expect(formatCommit("22bb317d0c1f-dirty")).toBe("22bb317d0c1f-dirty");
    expect(formatCommit("unknown")).toBe("unknown");
  });

  it("place a time on an axis and never beyond it", () => {
    expect([percentOf(1, 4), percentOf(-1, 4), percentOf(9, 4)]).toEqual(["25.000%", "0.000%", "100.000%"]);
  });
});
