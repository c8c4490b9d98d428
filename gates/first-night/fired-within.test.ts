import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { startAnsweringPrometheus } from "../golden/testing/answering-prometheus.ts";
import { EMPTY_TARGET } from "../testing/sample-check.ts";
import { checkHour } from "./check-hour.ts";

/** Checks an hour of a Prometheus that has this series of alerts, and 0 for all else. */
async function problemsWith(alerts: readonly string[]): Promise<readonly string[]> {
  await using prometheus = await startAnsweringPrometheus((query) =>
    query.includes("ALERTS") ? alerts : ["0"],
  );
  const part = { url: prometheus.url, targets: [], rules: null };
  const { problems } = await checkHour({
    target: { ...EMPTY_TARGET, parts: { ...EMPTY_TARGET.parts, prometheus: part } },
    ...{ rules: [], clock: systemClock, signal: new AbortController().signal },
  });
  return problems;
}

describe("a trigger that fired and ended between two checks", () => {
  it("fails the hour", async () => {
    expect(await problemsWith(["1"])).toContain("trigger fired within the hour: an alert without a name");
  });

  it("that is not there is no problem", async () => {
    expect(await problemsWith([])).toEqual([
      "the budget of availability is low: 0.00 is left, only fixes may go out",
      "the budget of latency is low: 0.00 is left, only fixes may go out",
    ]);
  });
});
