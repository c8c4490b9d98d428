import { expect, it } from "vitest";
import { runSelfTest, SELF_TEST, type SelfTestResult } from "./self-test.ts";

/** A measurement that the machine disturbed is repeated; any other never is. */
const MAX_MEASUREMENTS = 8;

async function undisturbed(): Promise<SelfTestResult> {
  for (let measurement = 1; ; measurement++) {
    const result = await runSelfTest();
    if (result.verdict !== "inconclusive" || measurement === MAX_MEASUREMENTS) return result;
  }
}

it("reports the true percentiles of a known 1.5 s stall within 1 %, which a closed loop hides", {
  timeout: MAX_MEASUREMENTS * 15_000,
}, async () => {
  const { verdict, readings, answered, planned, closedLoopMsP99, lagMsInDrain } = await undisturbed();
  expect(answered).toBe(planned);
  const wrong = readings
    .filter(({ holds }) => !holds)
    .map(({ percentile, trueMs, reportedMs }) => `P${percentile}: ${reportedMs} ms, truly ${trueMs} ms`);
  expect(wrong, `starts at most ${lagMsInDrain} ms late while answers were received`).toEqual([]);
  expect(verdict).toBe("pass");
  // The true latencies include the stall: the slowest request waited for nearly all of it.
  expect(readings.at(-1)?.trueMs).toBeGreaterThan(SELF_TEST.stall.stallMs * 0.95);
  expect(closedLoopMsP99).toBeLessThan(SELF_TEST.stall.stallMs / 10);
});
