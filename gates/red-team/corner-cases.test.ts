import { describe, expect, it } from "vitest";
import { evidenceNames } from "../engine/check.ts";
import { readSeenRed } from "../engine/seen-red.ts";
import { decimalRounding } from "./decimal-rounding.ts";
import { idempotencyBurst } from "./idempotency-burst.ts";
import { RED_TEAM } from "./red-team.ts";

/** Experiments that are written, and that no drill has proved yet. */
const UNPROVED = [decimalRounding, idempotencyBurst];

describe("the corner cases that no drill has proved", () => {
  it("are not in the gate, and belong there as soon as one has", async () => {
    const seenRed = await readSeenRed();
    expect(UNPROVED.filter((check) => seenRed.has(check)).map(({ id }) => id)).toEqual([]);
    expect(RED_TEAM.checks.filter((check) => UNPROVED.includes(check))).toEqual([]);
  });

  it("file by the names of the release's list", () => {
    expect(UNPROVED.flatMap((check) => evidenceNames(check, "v1.4.0"))).toEqual([
      "red_team_pass_v1.4.0.txt",
      "idempotency_burst_test.txt",
    ]);
  });
});
