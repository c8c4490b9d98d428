import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";

/** The committed pacts: the platform's expectations of each venue. */
export const PACTS: string = fileURLToPath(new URL("../pacts", import.meta.url));

/** The venues that the platform has a pact with. */
export const PROVIDERS = ["binance-spot", "btcturk"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** The platform's name in the pacts. */
export const CONSUMER = "spark";

const json = z.record(z.string(), z.unknown());
const providerStates = z.array(z.looseObject({ name: z.string() })).default([]);
const responseSchema = z.looseObject({
  status: z.int(),
  headers: z.record(z.string(), z.array(z.string())).optional(),
  body: z.looseObject({ content: z.unknown() }).optional(),
  matchingRules: json.optional(),
});
const httpInteraction = z.looseObject({
  type: z.literal("Synchronous/HTTP"),
  description: z.string(),
  providerStates,
  request: z.looseObject({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.unknown()).default({}),
  }),
  response: responseSchema,
});
const messageInteraction = z.looseObject({
  type: z.literal("Asynchronous/Messages"),
  description: z.string(),
  providerStates,
  contents: z.looseObject({ content: z.unknown() }),
  matchingRules: z.looseObject({ body: json.optional() }).optional(),
});
const pactSchema = z.looseObject({
  provider: z.object({ name: z.string() }),
  interactions: z.array(z.discriminatedUnion("type", [httpInteraction, messageInteraction])),
});

/** A pact of version 4, as far as kanit reads it; the rest stays unchanged. */
export type Pact = z.infer<typeof pactSchema>;
export type Interaction = Pact["interactions"][number];
export type HttpInteraction = z.infer<typeof httpInteraction>;
export type MessageInteraction = z.infer<typeof messageInteraction>;
/** The response part of an interaction, with its matching rules. */
export type PactResponse = z.infer<typeof responseSchema>;

/** The path of the pact with a venue. */
export function pactPath(provider: Provider): string {
  return join(PACTS, `${CONSUMER}-${provider}.json`);
}

/** Reads the pact with a venue. Throws UnavailableError `pact-unreadable`. */
export async function readPact(provider: Provider): Promise<Pact> {
  const path = pactPath(provider);
  try {
    return pactSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new UnavailableError({
      code: "pact-unreadable",
      message: `Expected a pact of version 4 in ${path}, got: ${String(cause).slice(0, 300)}.`,
      nextStep: "Write it again: vitest run --project unit contracts/consumer --update.",
      cause,
    });
  }
}
