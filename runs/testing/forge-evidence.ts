import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a forger edits in a line of a journal. */
export interface ForgedLine {
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: a forger knows no types.
  readonly data: any;
}

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

/** Replaces a text in a file, all of its places. */
export function edit(folder: string, name: string, from: string | RegExp, to: string): void {
  const path = join(folder, name);
  const text = readFileSync(path, "utf8");
  const edited = typeof from === "string" ? text.replaceAll(from, to) : text.replace(from, to);
  if (edited === text) throw new TypeError(`Expected ${from} in ${name}.`);
  writeFileSync(path, edited);
}

/** Hashes all that the manifest lists anew. Returns the manifest's own digest. */
export function rehashManifest(folder: string): string {
  const path = join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  for (const file of manifest.files) {
    const content = readFileSync(join(folder, file.path));
    file.bytes = content.length;
    file.sha256 = sha256(content);
  }
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeFileSync(path, text);
  return sha256(text);
}

/** Edits the lines of the journal and makes its chain anew, by the rule in docs. Returns the last line's hash. */
export function rechain(folder: string, editLines: (lines: ForgedLine[]) => ForgedLine[]): string {
  const path = join(folder, "journal.jsonl");
  const entries = readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  let previous = "0".repeat(64);
  const lines = editLines(entries).map((line, sequence) => {
    const { at, kind, data } = { at: "2026-01-01T00:00:00.000Z", ...line };
    const body = JSON.stringify({ sequence, at, kind, data, previous }).slice(0, -1);
    previous = sha256(body);
    return `${body},"hash":"${previous}"}\n`;
  });
  writeFileSync(path, lines.join(""));
  return previous;
}

/** Rehashes the manifest and has the journal's last line state it, with other changes to that line. */
export function restate(folder: string, changes: Readonly<Record<string, unknown>> = {}): string {
  const manifest = rehashManifest(folder);
  return rechain(folder, (lines) => {
    const last = lines.pop();
    return [...lines, { kind: "journal.closed", data: { ...last?.data, manifest, ...changes } }];
  });
}
