import type { Mutant } from "../engine/mutant.ts";
import { queryRows } from "../engine/sql.ts";

const MODE = "SHOW CONFIG";
const HEALING_MS = 10_000;

/** Somebody set another pool mode on pgBouncer's console. */
export const sessionPooling: Mutant = {
  what: "pgBouncer's pool_mode is set to session on its console, while its file still says transaction.",
  apply: async ({ lab, signal }) => {
    const { poolerAdminUrl, poolerUrl } = lab.addresses;
    const database = new URL(poolerUrl).pathname.slice(1);
    const [, rows = []] = await queryRows(poolerAdminUrl, ["SET pool_mode = 'session'", MODE], signal);
    const mode = rows.find(({ key }) => key === "pool_mode")?.value;
    return {
      effect: `SHOW CONFIG: pool_mode ${mode}`,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        // A client that got its connection for a session keeps it until it is disconnected.
        const undo = ["SET pool_mode = 'transaction'", `KILL ${database}`, `RESUME ${database}`];
        await queryRows(poolerAdminUrl, undo, AbortSignal.timeout(HEALING_MS));
      },
    };
  },
};
