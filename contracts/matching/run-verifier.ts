import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verifier, VerifierOptions } from "@pact-foundation/pact";
import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { importOptional } from "../../installation/index.ts";
import { CONSUMER, type Interaction } from "./pact-file.ts";

const PACT = { packages: ["@pact-foundation/pact"], neededFor: "kanit contracts verify" };

const mismatchSchema = z.object({
  mismatch: z.string(),
  path: z.string().optional(),
  key: z.string().optional(),
  type: z.string(),
  expected: z.unknown(),
  actual: z.unknown(),
});
const resultSchema = z.object({
  description: z.string(),
  result: z.enum(["OK", "Error"]),
  mismatch: z
    .object({ mismatches: z.array(mismatchSchema).optional(), message: z.string().optional() })
    .nullish(),
});
const outputSchema = z.object({ interactionResults: z.array(resultSchema) });

/** One difference between a pact and an answer. */
export interface Mismatch {
  /** The place: a JSON path, `header X`, `status`, or `answer` when there was none. */
  readonly field: string;
  readonly expected: string;
  readonly received: string;
}

/** Pact's result for one interaction; without mismatches it passed. */
export interface InteractionResult {
  readonly description: string;
  readonly mismatches: readonly Mismatch[];
}

/** How to reach a provider: Pact's own options, except those that say what to verify. */
export type VerificationOptions = Omit<VerifierOptions, "pactUrls" | "provider">;

/**
 * Verifies interactions with Pact's own verifier and returns its result for each of them, in Pact's order.
 *
 * @throws UnavailableError `pact-verifier-failed` when the verifier itself does not work.
 */
export async function runVerifier(
  provider: string,
  interactions: readonly Interaction[],
  options: VerificationOptions,
): Promise<readonly InteractionResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "kanit-pact-"));
  try {
    const path = join(folder, "pact.json");
    await writeFile(path, pactText(provider, interactions));
    // Loads Pact's native library only here, so that no other command has to wait for it.
    const pact = await importOptional(PACT, () => import("@pact-foundation/pact"));
    return readResults(await outputOf(new pact.Verifier({ ...options, provider, pactUrls: [path] })));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pactText(provider: string, interactions: readonly Interaction[]): string {
  return JSON.stringify({
    consumer: { name: CONSUMER },
    provider: { name: provider },
    interactions,
    metadata: { pactSpecification: { version: "4.0" } },
  });
}

/** The verifier resolves with its results when everything passed, and rejects with them otherwise. */
async function outputOf(verifier: Verifier): Promise<string> {
  try {
    return await verifier.verifyProvider();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    if (text.startsWith("{")) return text;
    throw new UnavailableError({
      code: "pact-verifier-failed",
      message: `Expected Pact's verifier to print its results, got: ${text.slice(0, 300)}.`,
      nextStep: "See its output: --verbose.",
      cause,
    });
  }
}

function readResults(output: string): readonly InteractionResult[] {
  return outputSchema
    .parse(JSON.parse(output))
    .interactionResults.map(({ description, result, mismatch }) => {
      if (result === "OK") return { description, mismatches: [] };
      const mismatches = (mismatch?.mismatches ?? []).map((each) => ({
        field: each.path ?? (each.key === undefined ? "status" : `header ${each.key}`),
        expected: textOf(each.expected),
        received: `${textOf(each.actual)} (${each.mismatch})`,
      }));
      const none = { field: "answer", expected: "one", received: mismatch?.message ?? "none" };
      return { description, mismatches: mismatches.length === 0 ? [none] : mismatches };
    });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
