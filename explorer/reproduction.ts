import { z } from "zod";
import { describeMistakes, parseData, UsageError } from "../core/index.ts";
import { jsonIn } from "./json-in.ts";
import { PLAN_SCHEMA } from "./plan/plan.ts";

const rate = z.strictObject({ hits: z.int().min(0), runs: z.int().min(0) });

/** A failing experiment as a file: what is needed to repeat it, and what was known when it was found. */
const REPRODUCTION_SCHEMA = z.strictObject({
  format: z.literal("kanit.reproduction/1"),
  name: z.string().min(1),
  signature: z.strictObject({ check: z.string(), problem: z.string() }),
  /** What happens in it, for a reader who does not know the code. */
  story: z.string(),
  /** The command that repeats it. */
  command: z.string(),
  platform: z.string(),
  /** The number of the experiment that found it, in an exploration with this seed. */
  experiment: z.int(),
  seed: z.int(),
  /** How often it failed before it was shrunk, and after. */
  rates: z.strictObject({ found: rate, shrunk: rate }),
  /** How many steps and faults it had, and has. */
  sizes: z.strictObject({ found: z.array(z.int()).readonly(), shrunk: z.array(z.int()).readonly() }),
  isMinimal: z.boolean(),
  plan: PLAN_SCHEMA,
  /** What failed in the last run of it. */
  findings: z.array(z.string()).readonly(),
  /** What clients asked and what was done to the platform in that run, in the order of time. */
  timeline: z.array(z.string()).readonly(),
});

export type Reproduction = z.output<typeof REPRODUCTION_SCHEMA>;

/**
 * Reads a reproduction from the text of its file.
 *
 * @throws UsageError `bad-reproduction` naming each mistake.
 */
export function parseReproduction(text: string, path: string): Reproduction {
  const parsed = parseData(REPRODUCTION_SCHEMA, jsonIn(text));
  if (parsed.kind === "fits") return parsed.value;
  throw new UsageError({
    code: "bad-reproduction",
    message: `Expected a reproduction of kanit explore in ${path}, got ${describeMistakes(parsed.mistakes)}`,
    nextStep: "docs/explorer.md says where explorations write theirs.",
  });
}
