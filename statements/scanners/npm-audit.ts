import { z } from "zod";
import { complaintOf, parsedAs, type Scanner, severityOf } from "./scanner.ts";

const advisory = z.object({ source: z.number(), severity: z.string(), url: z.string().optional() });
const outputShape = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({ name: z.string(), range: z.string(), via: z.array(z.union([z.string(), advisory])) }),
  ),
  metadata: z.object({ dependencies: z.object({ total: z.number() }) }),
});
const refusalShape = z.object({
  message: z.string().optional(),
  error: z.object({ summary: z.string() }).partial().optional(),
});

/** npm's own audit of the lock file. It asks the registry, which may refuse. */
export const npmAudit: Scanner = {
  name: "npm-audit",
  command: () => ["npm", "audit", "--json", "--package-lock-only", "--omit", "dev"],
  read: (ending) => {
    const output = parsedAs(outputShape, ending.output);
    if (output === null) {
      const refusal = parsedAs(refusalShape, ending.output);
      return `refused: ${refusal?.error?.summary || refusal?.message || complaintOf(ending)}`;
    }
    const packages = output.metadata.dependencies.total;
    if (packages === 0) return "it found no packages";
    const vulnerabilities = Object.values(output.vulnerabilities).flatMap(({ name, range, via }) =>
      via.flatMap((each) =>
        // A text names the package whose weakness it has, which is listed itself.
        typeof each === "string"
          ? []
          : [
              {
                id: each.url ?? String(each.source),
                package: `${name}@${range}`,
                severity: severityOf(each.severity),
              },
            ],
      ),
    );
    return { version: "unknown", databaseMadeAt: null, packages, vulnerabilities };
  },
};
