import type { Mutant } from "../engine/mutant.ts";
import { queryRows } from "../engine/sql.ts";

const SEQUENCE = "pg_get_serial_sequence('outbox_events', 'id')";
const ALMOST_ALL = "9000000000000000000";

/** A sequence is close to the end of its range. */
export const almostSpentSequence: Mutant = {
  what: "The sequence of outbox_events.id is set to nine tenths of what a bigint holds.",
  apply: async ({ lab, signal }) => {
    const { databaseUrl } = lab.addresses;
    const [before = []] = await queryRows(
      databaseUrl,
      [`SELECT coalesce(pg_sequence_last_value(${SEQUENCE}::regclass), 0)::text AS last_value`],
      signal,
    );
    const last = Number(before[0]?.last_value ?? 0);
    const [after = []] = await queryRows(
      databaseUrl,
      [`SELECT setval(${SEQUENCE}, ${ALMOST_ALL})::text AS now`],
      signal,
    );
    return {
      effect: `setval: ${after[0]?.now ?? "nothing"}`,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        const restored = `SELECT setval(${SEQUENCE}, ${Math.max(1, last)}, ${last > 0})`;
        await queryRows(databaseUrl, [restored], AbortSignal.timeout(10_000));
      },
    };
  },
};
