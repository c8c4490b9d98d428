import type { Mutant } from "../engine/mutant.ts";
import { queryRows } from "../engine/sql.ts";

const TABLE = "red_team_symbols";
const COMPARE = "red_team_compare";
const FAMILY = "red_team_order";

const compareBy = (before: string, after: string) =>
  `CREATE OR REPLACE FUNCTION ${COMPARE}(one text, other text) RETURNS integer LANGUAGE sql IMMUTABLE
   AS 'SELECT CASE WHEN one < other THEN ${before} WHEN one > other THEN ${after} ELSE 0 END'`;

/** The order of texts changes under an index, as with another C library, without a server that has another one. */
export const reorderedIndex: Mutant = {
  what: "The order by which a unique index of texts was made becomes another one, as by an upgrade of the C library.",
  apply: async ({ lab, signal }) => {
    const { databaseUrl } = lab.addresses;
    await queryRows(
      databaseUrl,
      [
        `CREATE TABLE ${TABLE} (symbol text)`,
        `INSERT INTO ${TABLE} SELECT 'SYMBOL' || n FROM generate_series(1, 500) AS n`,
        compareBy("-1", "1"),
        `CREATE OPERATOR CLASS ${FAMILY} FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =,
           OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 ${COMPARE}(text, text)`,
        `CREATE UNIQUE INDEX ${TABLE}_key ON ${TABLE} (symbol ${FAMILY})`,
        compareBy("1", "-1"),
      ],
      signal,
    );
    return {
      effect: `${COMPARE}: the order is the reverse of the one of ${TABLE}_key`,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        const undo = [
          `DROP TABLE ${TABLE}`,
          `DROP OPERATOR FAMILY ${FAMILY} USING btree`,
          `DROP FUNCTION ${COMPARE}`,
        ];
        await queryRows(databaseUrl, undo, AbortSignal.timeout(10_000));
      },
    };
  },
};
