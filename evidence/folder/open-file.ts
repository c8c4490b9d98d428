import { createHash } from "node:crypto";
import { constants, type PathLike } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { systemCodeOf } from "../storage-error.ts";

const CHUNK_BYTES = 1024 * 1024;
/** A link is not followed, and a pipe that nobody writes to is not waited for. */
const READ_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Why a file is not read. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}

/**
 * Opens a regular file of a folder that others may have changed: never what a link leads to, never a pipe or a device.
 *
 * @throws UnreadableFile with the reason, as the rest of a sentence: `is a pipe, not a file`.
 */
export async function openRegularFile(path: PathLike): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, READ_ONLY);
  } catch (cause) {
    throw new UnreadableFile(notOpened(systemCodeOf(cause)), { cause });
  }
  const status = await file.stat();
  if (status.isFile()) return file;
  await file.close();
  throw new UnreadableFile(status.isDirectory() ? "is a folder, not a file" : "is no regular file");
}

function notOpened(code: string): string {
  switch (code) {
    case "ENOENT":
      return "is missing";
    case "ELOOP":
    case "EMLINK":
      return "is a symbolic link, not a file";
    case "ENXIO":
      return "is no regular file";
    default:
      return `cannot be read (${code})`;
  }
}

/**
 * The chunks of a file as long as it was when it was opened: one that somebody goes on writing has an end.
 *
 * @throws UnreadableFile when it is another file at its end: it grew, or was written to.
 */
export async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  const before = await file.stat({ bigint: true });
  const sizeBytes = Number(before.size);
  for (let readBytes = 0; readBytes < sizeBytes; ) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, sizeBytes - readBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, readBytes);
    if (bytesRead === 0) break;
    readBytes += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
  const after = await file.stat({ bigint: true });
  if (after.size !== before.size || after.mtimeNs !== before.mtimeNs) {
    throw new UnreadableFile("was written to while it was read");
  }
}

/** A file's size and its SHA-256 in hexadecimal. */
export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

/** @throws UnreadableFile */
export async function digestFile(path: PathLike): Promise<FileDigest> {
  await using file = await openRegularFile(path);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunksOf(file)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/**
 * A file that has to be in memory as a whole.
 *
 * @throws UnreadableFile also for one that is larger than `limitBytes`.
 */
export async function readWholeFile(path: PathLike, limitBytes: number): Promise<Buffer> {
  await using file = await openRegularFile(path);
  const { size } = await file.stat();
  if (size > limitBytes)
    throw new UnreadableFile(`has ${size} bytes, more than the ${limitBytes} that are read`);
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(file)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
