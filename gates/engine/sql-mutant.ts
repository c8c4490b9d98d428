import type { Mutant } from "./mutant.ts";
import { queryRows } from "./sql.ts";

const HEALING_MS = 10_000;

/** A mutant that is made and taken back by statements in the lab's database. */
export interface SqlMutantInput {
  readonly what: string;
  readonly harm: readonly string[];
  /** Returns one value that shows the harm; no value means that it did not happen. */
  readonly shows: string;
  readonly heal: readonly string[];
}

/** Makes the mutant. The statements run as the database's administrator. */
export function sqlMutant({ what, harm, shows, heal }: SqlMutantInput): Mutant {
  return {
    what,
    apply: async ({ lab, signal }) => {
      const { databaseUrl } = lab.addresses;
      const undo = async () => {
        await queryRows(databaseUrl, heal, AbortSignal.timeout(HEALING_MS));
      };
      await queryRows(databaseUrl, harm, signal);
      const [rows = []] = await queryRows(databaseUrl, [shows], signal);
      const [shown] = Object.values(rows[0] ?? {});
      if (shown === undefined || shown === null) {
        await undo();
        throw new Error(`nothing shows that it happened: ${shows}`);
      }
      return { effect: shown, parts: {}, [Symbol.asyncDispose]: undo };
    },
  };
}
