import type { Mutant } from "../engine/mutant.ts";
import { queryRows } from "../engine/sql.ts";

/** What a trigger does to the rows of a table. */
interface TableTriggerInput {
  readonly what: string;
  readonly name: string;
  readonly table: string;
  readonly event: "INSERT" | "INSERT OR UPDATE";
  /** In PL/pgSQL: `NEW.cost := 0`. */
  readonly assignment: string;
}

/** A mutant: a trigger that changes each row before it is written. */
export function tableTrigger({ what, name, table, event, assignment }: TableTriggerInput): Mutant {
  return {
    what,
    apply: async ({ lab, signal }) => {
      const { databaseUrl } = lab.addresses;
      await queryRows(
        databaseUrl,
        [
          `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN ${assignment}; RETURN NEW; END'`,
          `CREATE TRIGGER ${name} BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}()`,
        ],
        signal,
      );
      return {
        effect: `trigger ${name} on ${table}: ${assignment}`,
        parts: {},
        [Symbol.asyncDispose]: async () => {
          const undo = [`DROP TRIGGER ${name} ON ${table}`, `DROP FUNCTION ${name}`];
          await queryRows(databaseUrl, undo, AbortSignal.timeout(10_000));
        },
      };
    },
  };
}
