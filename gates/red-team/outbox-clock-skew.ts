import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { queryRows, type TextRow, toTsv } from "../engine/sql.ts";
import { clockBoundDispatcher } from "./clock-bound-dispatcher.ts";
import { readMetric } from "./metrics-reading.ts";

const TOPIC = "red-team.clock-skew";
const AGE = "outbox_oldest_age_seconds";
/** How far the clock of the writer is off, in seconds. */
const SKEWS = [-5, 0, 300, 3_600] as const;
const DELIVERED_WITHIN_MS = 10_000;
const POLL_MS = 200;

const insertEvents = `INSERT INTO outbox_events (topic, aggregate_id, payload, created_at)
  SELECT '${TOPIC}', 'skew ' || skew || ' s', '{}', now() + skew * interval '1 second'
  FROM unnest(ARRAY[${SKEWS.join(", ")}]) WITH ORDINALITY AS writer(skew, position) ORDER BY position`;
const readEvents = `SELECT aggregate_id, created_at::text, dispatched_at::text,
    (dispatched_at IS NOT NULL)::text AS delivered,
    (abs(extract(epoch FROM clock_timestamp() - dispatched_at)) > 60)::text AS foreign_clock
  FROM outbox_events WHERE topic = '${TOPIC}' ORDER BY id`;

/** Are events delivered although the clock of their writer is wrong? */
export const outboxClockSkew = defineCheck({
  id: "outbox-clock-skew",
  title: "13. Outbox under clock skew",
  question: "Is each event of the outbox delivered at once when the clocks of its writers are minutes apart?",
  risk: "A dispatcher that compares times holds an event back for as long as a clock is ahead, or passes one over for ever.",
  command: `psql "$DATABASE_URL" -c "INSERT INTO outbox_events (topic, aggregate_id, payload, created_at) VALUES ('${TOPIC}', 'skew', '{}', now() + interval '1 hour')"; sleep 5; psql "$DATABASE_URL" -c "SELECT dispatched_at FROM outbox_events WHERE topic = '${TOPIC}'"`,
  passes: `events whose time is 5 s ago, now, in 5 minutes and in an hour are delivered within ${DELIVERED_WITHIN_MS / 1_000} s, marked by the time of the database, and the lag is never below zero`,
  fix: "Dispatch by what is not marked, in the order of an identity column, and take all times from the database's clock.",
  evidence: ["outbox_clock_skew_test.txt"],
  deadlineMs: 40_000,
  maxAgeMs: 60_000,
  needs: ["lab"],
  mutant: clockBoundDispatcher,
  observe: async ({ lab }, context: ProbeContext) => {
    const { clock, signal } = context;
    const asOfMs = clock.nowMs();
    const { databaseUrl } = lab;
    await queryRows(databaseUrl, [insertEvents], signal);
    try {
      const rows = await untilDelivered(databaseUrl, context);
      const once = { rounds: 1, betweenMs: 0 };
      const [age] = await readMetric(new URL(lab.metrics), AGE, once, context);
      const late = rows.filter(({ delivered }) => delivered !== "true");
      const foreign = rows.filter(({ foreign_clock }) => foreign_clock === "true");
      return {
        expected: SKEWS.map((skew) => `skew ${skew} s`),
        examined: rows.map((row) => row.aggregate_id ?? ""),
        acts: [{ what: "events written", asked: SKEWS.length, happened: rows.length }],
        asOfMs,
        violations: [
          ...late.map((row) => `${row.aggregate_id}: not delivered within ${DELIVERED_WITHIN_MS / 1_000} s`),
          ...foreign.map(
            (row) => `${row.aggregate_id}: marked with ${row.dispatched_at}, not with the database's time`,
          ),
          ...(age !== undefined && age.value < 0 ? [`the lag is shown as ${age.value} s`] : []),
        ],
        unclear: [],
        summary: `${rows.length - late.length} of ${SKEWS.length} events delivered`,
        texts: [toTsv(rows)],
      };
    } finally {
      const undo = `DELETE FROM outbox_events WHERE topic = '${TOPIC}'`;
      await queryRows(databaseUrl, [undo], AbortSignal.timeout(10_000));
    }
  },
});

async function untilDelivered(
  databaseUrl: string,
  { clock, signal }: Pick<ProbeContext, "clock" | "signal">,
): Promise<readonly TextRow[]> {
  const beganMs = clock.monotonicMs();
  for (;;) {
    const [rows = []] = await queryRows(databaseUrl, [readEvents], signal);
    const isOver = clock.monotonicMs() - beganMs > DELIVERED_WITHIN_MS;
    if (isOver || rows.every(({ delivered }) => delivered === "true")) return rows;
    await clock.sleep(POLL_MS, signal);
  }
}
