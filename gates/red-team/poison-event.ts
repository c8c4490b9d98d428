import type { Mutant } from "../engine/mutant.ts";
import { queryRows } from "../engine/sql.ts";

const TOPIC = "red-team.poison";
const GUARD = "red_team_refuse";
const POLL_MS = 100;

/** An event that cannot be delivered: the batch with it fails again and again. */
export const poisonEvent: Mutant = {
  what: "An event of a minute ago cannot be marked as delivered, so that its batch fails again and again.",
  apply: async ({ lab, clock, signal }) => {
    const { databaseUrl } = lab.addresses;
    await queryRows(
      databaseUrl,
      [
        `CREATE FUNCTION ${GUARD}() RETURNS trigger LANGUAGE plpgsql
         AS 'BEGIN RAISE EXCEPTION ''this event cannot be delivered''; END'`,
        `CREATE TRIGGER ${GUARD} BEFORE UPDATE ON outbox_events FOR EACH ROW WHEN (OLD.topic = '${TOPIC}')
         EXECUTE FUNCTION ${GUARD}()`,
        `INSERT INTO outbox_events (topic, aggregate_id, payload, created_at)
         VALUES ('${TOPIC}', 'none', '{}', now() - interval '1 minute')`,
      ],
      signal,
    );
    // The platform's gauge shows it from its next refresh on.
    await clock.sleep(POLL_MS, signal);
    return {
      effect: `outbox_events: 1 row of topic ${TOPIC} that refuses to be updated`,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        const undo = [
          `DROP TRIGGER ${GUARD} ON outbox_events`,
          `DROP FUNCTION ${GUARD}`,
          `DELETE FROM outbox_events WHERE topic = '${TOPIC}'`,
        ];
        await queryRows(databaseUrl, undo, AbortSignal.timeout(10_000));
      },
    };
  },
};
