import { defineCheck } from "../engine/check.ts";
import { keyFlood } from "./key-flood.ts";
import { readMetric } from "./metrics-reading.ts";

const METRIC = "idempotency_keys_stored";
const ROUNDS = 5;
const BETWEEN_MS = 2_000;
const MOST_KEYS = 1_000_000;
/** The limit of the trigger IdempotencyKeyBuildup. */
const MOST_PER_HOUR = 250_000;
const HOUR_MS = 3_600_000;

/** Do idempotency keys pile up? */
export const idempotencyKeyGrowth = defineCheck({
  id: "idempotency-key-growth",
  title: "2. Growth of idempotency keys",
  question: "Does the number of stored idempotency keys stay small, and does it grow slowly?",
  risk: "A client that draws a new key for each retry, or a cleaner that stopped, makes millions of rows within hours.",
  command: `curl -s "$TARGET/metrics" | grep ^${METRIC}; sleep 60; curl -s "$TARGET/metrics" | grep ^${METRIC}`,
  passes: `at most ${MOST_KEYS} keys are stored, and they grow by at most ${MOST_PER_HOUR} an hour`,
  fix: "Find the client whose retries have new keys, delete expired keys by a job, and partition the table by day.",
  evidence: ["red_team_pass_{release}.txt"],
  deadlineMs: 30_000,
  maxAgeMs: 60_000,
  needs: ["metrics"],
  mutant: keyFlood,
  observe: async ({ metrics }, context) => {
    const asOfMs = context.clock.nowMs();
    const readings = await readMetric(metrics, METRIC, { rounds: ROUNDS, betweenMs: BETWEEN_MS }, context);
    const [first] = readings;
    const last = readings.at(-1);
    const stored = last?.value ?? Number.NaN;
    const perHour =
      first === undefined || last === undefined
        ? Number.NaN
        : ((last.value - first.value) / (last.atMs - first.atMs)) * HOUR_MS;
    return {
      expected: [METRIC],
      examined: Number.isFinite(perHour) ? [METRIC] : [],
      acts: [{ what: "readings", asked: ROUNDS, happened: readings.length }],
      asOfMs,
      violations: [
        ...(stored > MOST_KEYS ? [`${stored} keys are stored, at most ${MOST_KEYS} are expected`] : []),
        ...(perHour > MOST_PER_HOUR
          ? [`keys grow by ${Math.round(perHour)} an hour, at most ${MOST_PER_HOUR} are expected`]
          : []),
      ],
      unclear: [],
      summary: `${stored} keys, ${Math.round(perHour)} more an hour`,
      texts: [
        [
          "2. Growth of idempotency keys",
          ...readings.map(({ atMs, value }) => `  ${new Date(atMs).toISOString()}  ${value}`),
          `  growth an hour: ${Math.round(perHour)}`,
          "",
        ].join("\n"),
      ],
    };
  },
});
