import { open } from "node:fs/promises";
import { UsageError } from "../../core/index.ts";
import { InputNotes } from "./api/input-notes.ts";
import { populateFrom } from "./api/populate.ts";
import { MAX_BODY_BYTES } from "./api/request-body.ts";
import type { LinkCollection } from "./link-collection.ts";

/**
 * Makes the links of a file, which has the form of a body of `POST /populate`, as Toxiproxy's `-config`. Unlike there,
 * a link that cannot be made ends the program: its clients would find a port closed and not know why.
 *
 * @throws UsageError when the file cannot be read, is too large, or a link of it cannot be made.
 */
export async function populateFromFile(links: LinkCollection, path: string): Promise<void> {
  const { error } = await populateFrom(links, await readText(path), new InputNotes({ strict: true }));
  if (error !== null) throw badConfig(path, error.message, error);
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error("not a file");
    if (stat.size > MAX_BODY_BYTES) throw new Error(`${stat.size} bytes, at most ${MAX_BODY_BYTES} are read`);
    return await file.readFile("utf8");
  } catch (error) {
    throw badConfig(path, (error as Error).message, error);
  }
}

function badConfig(path: string, why: string, cause: unknown): UsageError {
  return new UsageError({
    code: "bad-config",
    message: `Expected --config ${path.slice(0, 200)} to be a JSON list of proxies, got: ${why}.`,
    nextStep: 'For example: [{"name": "redis", "listen": "127.0.0.1:6380", "upstream": "127.0.0.1:6379"}].',
    cause,
  });
}
