import { z } from "zod";
import { complaintOf, parsedAs, type Scanner, severityOf } from "./scanner.ts";

const outputShape = z.object({
  results: z
    .array(
      z.object({
        packages: z.array(
          z.object({
            package: z.object({ name: z.string(), version: z.string() }),
            vulnerabilities: z
              .array(
                z.object({
                  id: z.string(),
                  database_specific: z.object({ severity: z.string() }).partial().optional(),
                }),
              )
              .optional(),
          }),
        ),
      }),
    )
    .nullable(),
});
const FOUND_NOTHING = 0;
const FOUND_SOME = 1;
const NO_PACKAGES = 128;

/** Google's osv-scanner, on the lock file. It asks its database over the network. */
export const osvScanner: Scanner = {
  name: "osv-scanner",
  command: () => ["osv-scanner", "scan", "source", "--format", "json", "--lockfile", "package-lock.json"],
  read: (ending, { packages }) => {
    if (ending.exitCode === NO_PACKAGES) return "it found no packages";
    const output = parsedAs(outputShape, ending.output);
    const hasEnded = ending.exitCode === FOUND_NOTHING || ending.exitCode === FOUND_SOME;
    if (output === null || !hasEnded) return complaintOf(ending);
    const found = (output.results ?? []).flatMap((result) => result.packages);
    const vulnerabilities = found.flatMap(({ package: { name, version }, vulnerabilities = [] }) =>
      vulnerabilities.map(({ id, database_specific }) => ({
        id,
        package: `${name}@${version}`,
        severity: severityOf(database_specific?.severity ?? "unknown"),
      })),
    );
    if (ending.exitCode === FOUND_SOME && vulnerabilities.length === 0)
      return "it found some, and listed none";
    return { version: "unknown", databaseMadeAt: null, packages, vulnerabilities };
  },
};
