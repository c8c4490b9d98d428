import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { RefusedError, UnavailableError } from "../core/index.ts";
import { readWholeFile, systemCodeOf, UnreadableFile, writeAtomically } from "../evidence/index.ts";

const LARGEST_BYTES = 64 * 1024;

const schema = z.object({ release: z.string(), by: z.string(), at: z.iso.datetime() });

/** That nothing but a release may be merged and deployed. */
export type Freeze = z.infer<typeof schema>;

/** The freeze that holds for a folder of archives; null where there is none. */
export async function readFreeze(root: string): Promise<Freeze | null> {
  const path = pathIn(root);
  let text: string;
  try {
    text = (await readWholeFile(path, LARGEST_BYTES)).toString("utf8");
  } catch (error) {
    if (error instanceof UnreadableFile && systemCodeOf(error.cause) === "ENOENT") return null;
    throw error;
  }
  const parsed = schema.safeParse(jsonIn(text));
  if (parsed.success) return parsed.data;
  // A freeze that cannot be read may hold.
  throw new UnavailableError({
    code: "bad-freeze",
    message: `Expected a freeze in ${path}, got something else.`,
    nextStep: "Find out whether one holds, then remove the file or begin the freeze again.",
  });
}

/**
 * Begins a freeze. One that holds for the same release stays as it is.
 *
 * @throws RefusedError `frozen` when one holds for another release.
 */
export async function beginFreeze(root: string, freeze: Freeze): Promise<Freeze> {
  const held = await readFreeze(root);
  if (held !== null && held.release !== freeze.release) throw frozen(held, freeze.release);
  if (held !== null) return held;
  await writeAtomically(pathIn(root), `${JSON.stringify(freeze)}\n`);
  return freeze;
}

/**
 * Lifts the freeze of a release; one that does not hold is lifted already.
 *
 * @throws RefusedError `frozen` when one holds for another release.
 */
export async function liftFreeze(root: string, release: string): Promise<void> {
  const held = await readFreeze(root);
  if (held !== null && held.release !== release) throw frozen(held, release);
  await rm(pathIn(root), { force: true });
}

function pathIn(root: string): string {
  return join(root, "freeze.json");
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function frozen({ release, by, at }: Freeze, other: string): RefusedError {
  return new RefusedError({
    code: "frozen",
    message: `Expected no freeze besides that of ${other}, but ${by} froze for ${release} at ${at}.`,
    nextStep: `End that release first: kanit freeze lift ${release}.`,
  });
}
