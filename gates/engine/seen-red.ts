import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import type { Check } from "./check.ts";

const RECORD = new URL("../seen-red.json", import.meta.url);
const shape = z.record(z.string(), z.string());

/** Which checks a drill has seen fail, as they were written then. */
export interface SeenRed {
  has(check: Check): boolean;
}

/** The digest of what a check states: when its criterion or its mutant changes, it has to be seen red again. */
export function statementDigest({ id, passes, needs, evidence, mutant }: Check): string {
  const statement = JSON.stringify([id, passes, needs, evidence, mutant.what]);
  return createHash("sha256").update(statement).digest("hex").slice(0, 16);
}

/** Reads the record of the drills, which ships with kanit. */
export async function readSeenRed(): Promise<SeenRed> {
  const digests = await readRecord();
  return { has: (check) => digests[check.id] === statementDigest(check) };
}

/** Adds checks that a drill has just seen pass on the sound lab and fail under their mutants. */
export async function recordSeenRed(checks: readonly Check[]): Promise<void> {
  const digests = { ...(await readRecord()) };
  for (const check of checks) digests[check.id] = statementDigest(check);
  const sorted = Object.fromEntries(
    Object.entries(digests).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  await writeFile(RECORD, `${JSON.stringify(sorted, null, 2)}\n`);
}

async function readRecord(): Promise<Readonly<Record<string, string>>> {
  return shape.parse(JSON.parse(await readFile(RECORD, "utf8")));
}
