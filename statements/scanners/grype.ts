import { z } from "zod";
import { complaintOf, parsedAs, type Scanner, severityOf } from "./scanner.ts";

/** As old as grype itself accepts by default. */
const GREATEST_DATABASE_AGE_MS = 120 * 60 * 60_000;

const built = z.object({ built: z.iso.datetime({ offset: true }) });
const outputShape = z.object({
  descriptor: z.object({
    version: z.string(),
    // Until version 0.87, and since.
    db: z.union([built, z.object({ status: built })]),
  }),
  matches: z.array(
    z.object({
      vulnerability: z.object({ id: z.string(), severity: z.string() }),
      artifact: z.object({ name: z.string(), version: z.string() }),
    }),
  ),
});

/** Anchore's grype, on the bill of materials. */
export const grype: Scanner = {
  name: "grype",
  command: ({ sbomPath }) => ["grype", `sbom:${sbomPath}`, "--output", "json", "--quiet"],
  read: (ending, { packages, nowMs }) => {
    const output = parsedAs(outputShape, ending.output);
    if (output === null) return complaintOf(ending);
    const { version, db } = output.descriptor;
    const databaseMadeAt = "built" in db ? db.built : db.status.built;
    const ageMs = nowMs - Date.parse(databaseMadeAt);
    if (ageMs > GREATEST_DATABASE_AGE_MS) {
      return `its database is of ${databaseMadeAt}, ${Math.floor(ageMs / 3_600_000)} h old, more than 120 h`;
    }
    const vulnerabilities = output.matches.map(({ vulnerability, artifact }) => ({
      id: vulnerability.id,
      package: `${artifact.name}@${artifact.version}`,
      severity: severityOf(vulnerability.severity),
    }));
    return { version, databaseMadeAt, packages, vulnerabilities };
  },
};
