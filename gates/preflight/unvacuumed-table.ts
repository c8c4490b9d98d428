import type { Mutant } from "../engine/mutant.ts";
import { queryRows } from "../engine/sql.ts";

const ROWS = 20_000;
const POLL_MS = 50;
const TABLE = "kanit_drill_bloat";
const DEAD = `SELECT n_dead_tup::text AS dead FROM pg_stat_user_tables WHERE relname = '${TABLE}'`;

/** A table is rewritten again and again while nothing cleans it. */
export const unvacuumedTable: Mutant = {
  what: `A table without autovacuum gets ${ROWS} rows, each of which is updated once.`,
  apply: async ({ lab, signal, clock }) => {
    const { databaseUrl } = lab.addresses;
    const statements = [
      `CREATE TABLE ${TABLE} (id int, note text) WITH (autovacuum_enabled = off)`,
      `INSERT INTO ${TABLE} SELECT n, 'as it was' FROM generate_series(1, ${ROWS}) n`,
      `UPDATE ${TABLE} SET note = 'changed'`,
      "SELECT pg_stat_force_next_flush()",
    ];
    await queryRows(databaseUrl, statements, signal);
    for (;;) {
      const [rows = []] = await queryRows(databaseUrl, [DEAD], signal);
      const dead = Number(rows[0]?.dead ?? 0);
      if (dead >= ROWS) {
        return {
          effect: `pg_stat_user_tables: ${dead} dead rows`,
          parts: {},
          [Symbol.asyncDispose]: async () => {
            await queryRows(databaseUrl, [`DROP TABLE ${TABLE}`], AbortSignal.timeout(10_000));
          },
        };
      }
      await clock.sleep(POLL_MS, signal);
    }
  },
};
