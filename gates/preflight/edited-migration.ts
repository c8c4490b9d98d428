import { appendFile, cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Mutant } from "../engine/mutant.ts";

/** The release brings a migration file that differs from what the database has run. */
export const editedMigration: Mutant = {
  what: "The first migration's file is edited after it was applied, in a copy of the folder.",
  apply: async ({ target, directory }) => {
    const { migrations } = target.parts;
    if (migrations === null) throw new Error("there are no migrations");
    const copy = join(directory, "migrations");
    await cp(migrations, copy, { recursive: true });
    const entries = await readdir(copy, { withFileTypes: true });
    const [first] = entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
    if (first === undefined) throw new Error(`no migration in ${migrations}`);
    await appendFile(join(copy, first, "migration.sql"), "-- Edited afterwards.\n");
    return {
      effect: `${first}/migration.sql: one line added`,
      parts: { migrations: copy },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
