import { text } from "../proxy/toxics/attribute-spec.ts";
import { strikeDatabase } from "./database-injection.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";
import { BESIDE_THE_LINKS } from "./process-injection.ts";

const statement = stateFault({
  kind: "disk-full",
  specs: {
    table: text("the table whose file system is full", "orders", (table) =>
      /^[a-z_]+$/.test(table) ? undefined : "expected the name of a table",
    ),
  },
  placeOf: ({ table }) => `the disk of ${table}`,
});

type DiskFull = FaultIn<typeof statement>;

/** The file system of a table has no room left: Postgres answers each statement that needs some with an error. */
export const diskFull: FaultKind<DiskFull> = {
  ...statement,
  ...BESIDE_THE_LINKS,
  exclusive: () => "the disk of the database",
  summary: "the file system of a table is full; only where kanit runs as root on Linux, which may mount one",
  healing: "The room is freed, and the table moved back.",
  label: ({ table }) => `the disk of ${table} full`,
  inject: (fault, context) =>
    strikeDatabase(
      {
        label: diskFull.label(fault),
        state: "had a full disk",
        strike: (database) => database.fillDisk(fault.table),
      },
      context,
    ),
};
