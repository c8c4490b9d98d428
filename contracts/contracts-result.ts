import { z } from "zod";

const verified = z.object({
  event: z.literal("verified"),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  provider: z.string(),
  kept: z.array(z.string()).readonly(),
  notVerified: z.array(z.object({ interaction: z.string(), reason: z.string() })).readonly(),
  violations: z
    .array(
      z.object({ interaction: z.string(), field: z.string(), expected: z.string(), received: z.string() }),
    )
    .readonly(),
});
const published = z.object({
  event: z.literal("published"),
  consumer: z.string(),
  version: z.string(),
  providers: z.array(z.string()).readonly(),
  notices: z.array(z.string()).readonly(),
});
const deployability = z.object({
  event: z.literal("deployability"),
  pacticipant: z.string(),
  version: z.string(),
  environment: z.string(),
  deployable: z.boolean().nullable(),
  reason: z.string(),
});
const contractsResult = z.discriminatedUnion("event", [verified, published, deployability]);

/** A result of the contracts' program. */
export type ContractsResult = z.infer<typeof contractsResult>;

const MARK = '{"event":';

/** The line that the program prints for a result. */
export function writeResult({ event, ...rest }: ContractsResult): string {
  return JSON.stringify({ event, ...rest });
}

/** The result in a printed line, or null: all other lines are Pact's own output. */
export function readResult(line: string): ContractsResult | null {
  if (!line.startsWith(MARK)) return null;
  return contractsResult.safeParse(jsonOf(line)).data ?? null;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
