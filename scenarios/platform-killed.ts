import { defineScenario } from "../harness/index.ts";

/**
 * The platform's process ends without warning, twice, in the middle of what it is doing: orders are on their way to a
 * venue, or accepted there and not booked yet. It is started again on what it had written. What it forgot must be found
 * again from the venues' books, once.
 */
export const platformKilled = defineScenario({
  name: "platform-killed",
  tags: ["nightly"],
  hypothesis:
    "When the platform is killed under load and started again, no order, fill or position is lost or booked twice, and no order is sent to a venue again.",
  faults: [
    { fault: { kind: "kill", process: "platform" }, forMs: 600 },
    { fault: { kind: "kill", process: "platform" }, afterMs: 3_500, forMs: 600 },
  ],
  expectation: {
    mayFire: [
      "HttpErrorRateHigh",
      "ApiLatencyP95High",
      "LatencyCpuBackpressure",
      "ErrorRiskCorrelation",
      "FeedStale",
    ],
    recoversWithinMs: 6_000,
    happens: [
      {
        name: "the platform does not answer its health checks while it is dead",
        expression: '1 - min_over_time(probe_success{job="health"}[60s])',
      },
    ],
  },
});
