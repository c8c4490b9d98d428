import type { DrillRecord, TriggerDrill } from "../../evidence/index.ts";
import { ENVIRONMENT } from "./filed-run.ts";

const FIRED: TriggerDrill = {
  ...{ trigger: "TooSlow", severity: "page", verdict: "pass", outcome: "fired", condition: "slow-venue" },
  ...{ trueAfterFaultMs: 1_000, firedAfterFaultMs: 6_000, firedAfterTrueMs: 5_000, interruptions: 0 },
  ...{ firedWith: [], tried: ["slow-venue"], why: "fired 6 s after latency" },
};
const SILENT: TriggerDrill = {
  ...{ trigger: "Typo", severity: "page", verdict: "fail", outcome: "silent", condition: null },
  ...{ trueAfterFaultMs: null, firedAfterFaultMs: null, firedAfterTrueMs: null, interruptions: 0 },
  ...{ firedWith: [], tried: [], why: "silent alert: no series that it names was ever seen" },
};

/** The record of a drill of two alerts. */
export const FILED_DRILL: DrillRecord = {
  ...{ schema: "kanit.drill/3", runId: "drill-1", title: "mine.yml", command: "./kanit drill", seed: 1 },
  ...{ platform: "spark", startedAt: "2026-01-02T03:04:00.000Z", endedAt: "2026-01-02T03:05:30.000Z" },
  verdict: "fail",
  notApplicable: [{ what: "FeedStale", needs: "BIST" }],
  environment: ENVIRONMENT,
  quiet: { verdict: "pass", watchedMs: 20_000, fired: [], why: "none of 2 rules fired" },
  triggers: [FIRED, SILENT],
  runs: [
    {
      ...{ condition: "slow-venue", summary: "Binance is slow.", acts: ["latency 300 ms"] },
      shown: { kind: "shown", what: "the venue's latency", afterMs: 900 },
      ...{ steadyBefore: true, watchedMs: 8_000, generatorLagMsP99: 2, problems: [] },
      rules: [{ rule: "Typo", reading: { kind: "no-data" } }],
    },
  ],
};
