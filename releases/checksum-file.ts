import { isPlainPath } from "./layout.ts";

/** A line of a manifest: a file and its SHA-256. */
export interface Checksum {
  readonly path: string;
  readonly sha256: string;
}

/** A manifest as RFC 8493 and `sha256sum -c` have it, sorted by path. */
export function encodeChecksums(checksums: readonly Checksum[]): string {
  const sorted = [...checksums].sort((a, b) => (a.path < b.path ? -1 : 1));
  return sorted.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join("");
}

/** What a manifest states, or why it states nothing. */
export type DecodedChecksums =
  | { readonly kind: "checksums"; readonly byPath: ReadonlyMap<string, string> }
  | { readonly kind: "unreadable"; readonly why: string };

/** Parses a manifest that kanit wrote. */
export function decodeChecksums(text: string): DecodedChecksums {
  const byPath = new Map<string, string>();
  if (text !== "" && !text.endsWith("\n")) return unreadable("its last line has no end");
  for (const [index, line] of text.split("\n").slice(0, -1).entries()) {
    const [, sha256, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sha256 === undefined || path === undefined) return unreadable(`line ${index + 1} is no checksum`);
    if (!isPlainPath(path)) return unreadable(`line ${index + 1} has a path that no archive has`);
    if (byPath.has(path)) return unreadable(`line ${index + 1} states a file again`);
    byPath.set(path, sha256);
  }
  return { kind: "checksums", byPath };
}

function unreadable(why: string): DecodedChecksums {
  return { kind: "unreadable", why };
}
