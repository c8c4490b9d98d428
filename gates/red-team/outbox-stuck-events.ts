import { defineCheck } from "../engine/check.ts";
import { readMetric } from "./metrics-reading.ts";
import { poisonEvent } from "./poison-event.ts";

const AGE = "outbox_oldest_age_seconds";
const PENDING = "outbox_pending_events";
const ROUNDS = 4;
const BETWEEN_MS = 1_000;
const MOST_AGE_SECONDS = 10;

/** Does an event of the outbox wait for ever? */
export const outboxStuckEvents = defineCheck({
  id: "outbox-stuck-events",
  title: "3. Stuck events of the outbox",
  question: "Is each event of the outbox delivered within seconds?",
  risk: "One event that cannot be delivered holds up all behind it: the lag grows by a second each second, and nothing fails.",
  command: `psql "$DATABASE_URL" -c 'SELECT count(*), min(created_at), now() - min(created_at) AS lag FROM outbox_events WHERE dispatched_at IS NULL'`,
  passes: `the oldest event that waits is at most ${MOST_AGE_SECONDS} s old in each of ${ROUNDS} readings`,
  fix: "Read the dispatcher's log for the oldest event, repair or park that one event, and see the lag fall.",
  evidence: ["red_team_pass_{release}.txt"],
  deadlineMs: 30_000,
  maxAgeMs: 60_000,
  needs: ["metrics"],
  mutant: poisonEvent,
  observe: async ({ metrics }, context) => {
    const asOfMs = context.clock.nowMs();
    const ages = await readMetric(metrics, AGE, { rounds: ROUNDS, betweenMs: BETWEEN_MS }, context);
    const [pending] = await readMetric(metrics, PENDING, { rounds: 1, betweenMs: 0 }, context);
    const oldest = Math.max(...ages.map(({ value }) => value));
    return {
      expected: [AGE, PENDING],
      examined: Number.isFinite(oldest) ? [AGE, PENDING] : [],
      acts: [{ what: "readings", asked: ROUNDS, happened: ages.length }],
      asOfMs,
      violations:
        oldest > MOST_AGE_SECONDS
          ? [`an event waits for ${oldest.toFixed(0)} s, at most ${MOST_AGE_SECONDS} s are expected`]
          : [],
      unclear: [],
      summary: `${pending?.value} pending, the oldest for ${oldest.toFixed(1)} s`,
      texts: [
        [
          "3. Stuck events of the outbox",
          ...ages.map(({ atMs, value }) => `  ${new Date(atMs).toISOString()}  oldest ${value.toFixed(1)} s`),
          `  pending: ${pending?.value}`,
          "",
        ].join("\n"),
      ],
    };
  },
});
