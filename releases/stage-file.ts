import { createHash } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { type SecretRegistry, UnavailableError } from "../core/index.ts";
import {
  chunksOf,
  FILE_MODE,
  type FileDigest,
  FOLDER_MODE,
  openRegularFile,
  storageErrorOf,
  UnreadableFile,
} from "../evidence/index.ts";

/** What a file is made of: a text, which is filtered, or a file that is evidence already and is copied as it is. */
export type FileContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "copy"; readonly from: string }
  /** Made byte for byte by what knows no secrets, such as a signature over exactly these bytes. */
  | { readonly kind: "exact"; readonly text: string };

/**
 * Writes a file to where it waits, as a stream, and returns its digest.
 *
 * @throws UnavailableError `disk-full`, `evidence-not-written`, or `evidence-unreadable` for a file to copy.
 */
export async function stageFile(
  target: string,
  content: FileContent,
  secrets: Pick<SecretRegistry, "filter">,
): Promise<FileDigest> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    await mkdir(dirname(target), { recursive: true, mode: FOLDER_MODE });
    await using file = await open(target, "wx", FILE_MODE);
    for await (const chunk of chunksIn(content, secrets)) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    }
    await file.sync();
  } catch (cause) {
    if (cause instanceof UnreadableFile && content.kind === "copy") throw unreadable(content.from, cause);
    throw storageErrorOf(target, cause);
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function* chunksIn(
  content: FileContent,
  secrets: Pick<SecretRegistry, "filter">,
): AsyncGenerator<Buffer> {
  switch (content.kind) {
    case "text":
      yield Buffer.from(secrets.filter(content.text), "utf8");
      return;
    case "exact":
      yield Buffer.from(content.text, "utf8");
      return;
    case "copy": {
      await using source = await openRegularFile(content.from);
      yield* chunksOf(source);
    }
  }
}

function unreadable(path: string, cause: UnreadableFile): UnavailableError {
  return new UnavailableError({
    code: "evidence-unreadable",
    message: `Expected a file to put into the archive, but ${path} ${cause.message}.`,
    nextStep: "Name a file that is complete, and that nobody writes to.",
    cause,
  });
}
