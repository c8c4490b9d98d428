import { createHash } from "node:crypto";
import { join } from "node:path";
import { readWholeFile, systemCodeOf, UnreadableFile } from "../evidence/index.ts";

const LARGEST_BYTES = 64 * 1024 * 1024;

/** A file that has to be in memory: its text and digest, or why it cannot be read; null when there is none. */
export type SmallFile = { readonly text: string; readonly sha256: string } | { readonly why: string } | null;

/** Reads a bundle or a manifest of an archive. */
export async function readSmallFile(folder: string, path: string): Promise<SmallFile> {
  try {
    const bytes = await readWholeFile(join(folder, path), LARGEST_BYTES);
    return { text: bytes.toString("utf8"), sha256: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return systemCodeOf(error.cause) === "ENOENT" ? null : { why: error.message };
  }
}
