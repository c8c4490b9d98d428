import type { Stats } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import { systemCodeOf } from "../storage-error.ts";
import { escapeName } from "./shown-path.ts";

/** Far more than a run has; a folder that was filled to use up the memory is not listed to its end. */
const MOST_ENTRIES = 100_000;
/** What `st_mode` says besides the kind: permissions, set-user-ID, set-group-ID, sticky. */
const MODE_BITS = 0o7777;

/** What can lie in a folder. */
type EntryKind =
  | "file"
  | "folder"
  | "empty folder"
  | "folder that cannot be read"
  | "symbolic link"
  | "pipe"
  | "socket"
  | "device";

/** Something in a folder: itself, and not what it may lead to. */
export interface FolderEntry {
  /** Relative, with forward slashes, escaped as by `escapeName`. */
  readonly path: string;
  /** Where it is read. */
  readonly location: Buffer;
  readonly kind: EntryKind;
  readonly bytes: number;
  /** `0o644`. */
  readonly mode: number;
  /** How many names the file has. */
  readonly links: number;
}

export interface FolderListing {
  /** Sorted by path. */
  readonly entries: readonly FolderEntry[];
  /** Whether that is all. */
  readonly isWhole: boolean;
}

/** Lists all that is in a folder and in its folders. No link is followed. */
export async function listFolder(folder: string): Promise<FolderListing> {
  const found: FolderEntry[] = [];
  const open: FolderEntry[] = await entriesIn(Buffer.from(folder), "", MOST_ENTRIES + 1);
  for (let next = open.pop(); next !== undefined && found.length <= MOST_ENTRIES; next = open.pop()) {
    if (next.kind !== "folder") {
      found.push(next);
      continue;
    }
    try {
      const room = MOST_ENTRIES + 1 - found.length;
      const inside = await entriesIn(next.location, `${next.path}/`, room);
      found.push(inside.length === 0 ? { ...next, kind: "empty folder" } : next);
      open.push(...inside);
    } catch (error) {
      if (systemCodeOf(error) === "unknown") throw error;
      found.push({ ...next, kind: "folder that cannot be read" });
    }
  }
  const entries = found.slice(0, MOST_ENTRIES).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries, isWhole: found.length <= MOST_ENTRIES };
}

async function entriesIn(folder: Buffer, prefix: string, most: number): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  // In Latin-1 each byte is a character: a name need not be UTF-8.
  for await (const { name } of await opendir(folder, { encoding: "latin1" })) {
    const nameBytes = Buffer.from(name, "latin1");
    const location = Buffer.concat([folder, Buffer.from("/"), nameBytes]);
    const status = await statusOf(location);
    if (status === null) continue;
    entries.push({
      path: prefix + escapeName(nameBytes),
      location,
      kind: kindOf(status),
      bytes: status.size,
      mode: status.mode & MODE_BITS,
      links: status.nlink,
    });
    if (entries.length === most) break;
  }
  return entries;
}

/** Null when it is gone again. */
async function statusOf(location: Buffer): Promise<Stats | null> {
  try {
    return await lstat(location);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return null;
    throw error;
  }
}

function kindOf(status: Stats): EntryKind {
  if (status.isFile()) return "file";
  if (status.isDirectory()) return "folder";
  if (status.isSymbolicLink()) return "symbolic link";
  if (status.isFIFO()) return "pipe";
  return status.isSocket() ? "socket" : "device";
}
