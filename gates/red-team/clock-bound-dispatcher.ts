import type { Mutant } from "../engine/mutant.ts";
import { queryRows } from "../engine/sql.ts";

const POLICY = "red_team_due_only";

/** The dispatcher sees an event only once its time has come. */
export const clockBoundDispatcher: Mutant = {
  what: "The platform sees an event of the outbox only once the event's own time has come.",
  apply: async ({ lab, signal }) => {
    const { databaseUrl } = lab.addresses;
    const [, , , rows = []] = await queryRows(
      databaseUrl,
      [
        `CREATE POLICY ${POLICY} ON outbox_events USING (created_at <= now()) WITH CHECK (true)`,
        "ALTER TABLE outbox_events ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE outbox_events FORCE ROW LEVEL SECURITY",
        `SELECT qual FROM pg_policies WHERE policyname = '${POLICY}'`,
      ],
      signal,
    );
    return {
      effect: `pg_policies of outbox_events: ${rows[0]?.qual}`,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        const undo = [
          "ALTER TABLE outbox_events NO FORCE ROW LEVEL SECURITY",
          "ALTER TABLE outbox_events DISABLE ROW LEVEL SECURITY",
          `DROP POLICY ${POLICY} ON outbox_events`,
        ];
        await queryRows(databaseUrl, undo, AbortSignal.timeout(10_000));
      },
    };
  },
};
