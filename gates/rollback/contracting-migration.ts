import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Mutant } from "../engine/mutant.ts";

const NAME = "99990101000000_rename_status";

/** A migration that only the new code can live with. */
export const contractingMigration: Mutant = {
  what: "The new release has a migration that renames a column which the previous version reads.",
  apply: async ({ target, directory }) => {
    const { migrations } = target.parts;
    if (migrations === null) throw new Error("there are no migrations");
    const copy = join(directory, "contracting-migrations");
    await cp(migrations, copy, { recursive: true });
    await mkdir(join(copy, NAME));
    await writeFile(join(copy, NAME, "migration.sql"), "ALTER TABLE orders RENAME COLUMN status TO state;\n");
    return {
      effect: `${NAME}: orders.status is orders.state`,
      parts: { migrations: copy },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
