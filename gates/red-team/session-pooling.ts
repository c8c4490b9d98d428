import type { Mutant } from "../engine/mutant.ts";
import { queryRows } from "../engine/sql.ts";

const MODE = "SHOW CONFIG";

/** Somebody set another pool mode on pgBouncer's console. */
export const sessionPooling: Mutant = {
  what: "pgBouncer's pool_mode is set to session on its console, while its file still says transaction.",
  apply: async ({ lab, signal }) => {
    const { poolerAdminUrl } = lab.addresses;
    const [, rows = []] = await queryRows(poolerAdminUrl, ["SET pool_mode = 'session'", MODE], signal);
    const mode = rows.find(({ key }) => key === "pool_mode")?.value;
    return {
      effect: `SHOW CONFIG: pool_mode ${mode}`,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        await queryRows(poolerAdminUrl, ["SET pool_mode = 'transaction'"], AbortSignal.timeout(10_000));
      },
    };
  },
};
