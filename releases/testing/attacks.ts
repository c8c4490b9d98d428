import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { encodeLine, type JournalEntry } from "../../evidence/index.ts";

/** Archives that an attacker has besides the one under attack. */
export interface OtherArchives {
  /** A sound one of an older release, sealed and signed by the same people. */
  readonly older: string;
  /** The state of the same archive at its first seal. */
  readonly earlier: string;
  /** Made by an attacker from the beginning, with keys of the attacker's own. */
  readonly forged: string;
}

export interface Attack {
  readonly name: string;
  /** Whether `sha256sum -c` over both manifests notices it. kanit has to notice each. */
  readonly isSeenBySha256sum: boolean;
  readonly act: (folder: string, others: OtherArchives) => void;
}

const seen = (name: string, act: Attack["act"]): Attack => ({ name, isSeenBySha256sum: true, act });
const unseen = (name: string, act: Attack["act"]): Attack => ({ name, isSeenBySha256sum: false, act });

function changeByte(path: string): void {
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

function replaceText(path: string, pattern: string | RegExp, text: string): void {
  writeFileSync(path, readFileSync(path, "utf8").replace(pattern, text));
}

function replaceFolder(folder: string, other: string): void {
  rmSync(folder, { recursive: true });
  cpSync(other, folder, { recursive: true });
}

const approvalIn = (folder: string) => {
  const [name = ""] = readdirSync(join(folder, "data/approvals")).sort();
  return join(folder, "data/approvals", name);
};

const BYTE_CHANGES = [
  ["a required file", "data/preflight.txt"],
  ["a file of a run", "data/runs/20250801-1/run.json"],
  ["bagit.txt", "bagit.txt"],
  ["bag-info.txt", "bag-info.txt"],
  ["the manifest", "manifest-sha256.txt"],
  ["the tag manifest", "tagmanifest-sha256.txt"],
  ["the first line of the journal", "journal/000000.json"],
  ["a filing in the journal", "journal/000001.json"],
  ["the first seal's line in the journal", "journal/000002.json"],
  ["the first seal's bundle", "seals/0001.sigstore.json"],
  ["the first seal's manifest", "seals/0001.manifest-sha256.txt"],
] as const;
/** What the last seal cannot state is signed or chained, which only kanit reads. */
const LATE_BYTE_CHANGES = [
  ["the last seal's bundle", "seals/0002.sigstore.json"],
  ["the last seal's manifest", "seals/0002.manifest-sha256.txt"],
  ["the last seal's line in the journal", "journal/000005.json"],
] as const;

/** Writes a line again with another content and a hash that fits, as an attacker does who knows the format. */
function rewriteLine(folder: string, sequence: number, change: (data: unknown) => unknown): void {
  const path = join(folder, `journal/${String(sequence).padStart(6, "0")}.json`);
  const entry = JSON.parse(readFileSync(path, "utf8")) as JournalEntry;
  writeFileSync(path, `${encodeLine({ ...entry, data: change(entry.data) }).line}\n`);
}

/** Changes a file, and writes all that states its digest again, except for what is signed. */
function changeConsistently(folder: string): void {
  const path = join(folder, "data/preflight.txt");
  const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
  const before = sha256(path);
  changeByte(path);
  const after = sha256(path);
  for (const name of [
    "manifest-sha256.txt",
    "seals/0001.manifest-sha256.txt",
    "seals/0002.manifest-sha256.txt",
  ]) {
    replaceText(join(folder, name), before, after);
  }
  rewriteLine(folder, 1, (data) => JSON.parse(JSON.stringify(data).replaceAll(before, after)));
  let previous = "";
  for (const name of readdirSync(join(folder, "journal")).sort()) {
    const file = join(folder, "journal", name);
    const entry = JSON.parse(readFileSync(file, "utf8")) as JournalEntry;
    const { line, hash } = encodeLine({ ...entry, previous: previous === "" ? entry.previous : previous });
    writeFileSync(file, `${line}\n`);
    previous = hash;
  }
  const tags = readFileSync(join(folder, "tagmanifest-sha256.txt"), "utf8").trimEnd().split("\n");
  const lines = tags.map((line) => `${sha256(join(folder, line.slice(66)))}  ${line.slice(66)}\n`);
  writeFileSync(join(folder, "tagmanifest-sha256.txt"), lines.join(""));
}

/** Everything that somebody may do to an archive who can write to it. */
export const ATTACKS: readonly Attack[] = [
  ...BYTE_CHANGES.map(([what, path]) =>
    seen(`one byte of ${what}`, (folder) => changeByte(join(folder, path))),
  ),
  seen("one byte of an approval", (folder) => changeByte(approvalIn(folder))),
  ...LATE_BYTE_CHANGES.map(([what, path]) =>
    unseen(`one byte of ${what}`, (folder) => changeByte(join(folder, path))),
  ),
  seen("a file emptied", (folder) => truncateSync(join(folder, "data/preflight.txt"), 0)),
  seen("a file that grew", (folder) => truncateSync(join(folder, "data/preflight.txt"), 2 ** 20)),
  seen("a file removed", (folder) => rmSync(join(folder, "data/preflight.txt"))),
  unseen("a file added", (folder) => writeFileSync(join(folder, "data/extra.txt"), "x")),
  unseen("a file added beside the payload", (folder) => writeFileSync(join(folder, "README"), "x")),
  unseen("a file with a line feed in its name", (folder) =>
    writeFileSync(join(folder, "data/a\nb.txt"), "x"),
  ),
  seen("two files swapped", (folder) => {
    renameSync(join(folder, "data/preflight.txt"), join(folder, "x"));
    renameSync(join(folder, "data/artifact_count.txt"), join(folder, "data/preflight.txt"));
    renameSync(join(folder, "x"), join(folder, "data/artifact_count.txt"));
  }),
  unseen("a file that became a symbolic link to the same content", (folder) => {
    renameSync(join(folder, "data/preflight.txt"), `${folder}-copy`);
    symlinkSync(`${folder}-copy`, join(folder, "data/preflight.txt"));
  }),
  seen("a device in a file's place", (folder) => {
    rmSync(join(folder, "data/preflight.txt"));
    symlinkSync("/dev/null", join(folder, "data/preflight.txt"));
  }),
  unseen("a pipe among the files", (folder) => void execFileSync("mkfifo", [join(folder, "data/pipe")])),
  seen("a line added to the manifest", (folder) =>
    appendFileSync(join(folder, "manifest-sha256.txt"), `${"0".repeat(64)}  data/none.txt\n`),
  ),
  seen("a line removed from the manifest", (folder) =>
    replaceText(join(folder, "manifest-sha256.txt"), /^.*preflight\.txt\n/m, ""),
  ),
  seen("a path that leads out of the archive, in the manifest", (folder) => {
    replaceText(join(folder, "manifest-sha256.txt"), "data/preflight.txt", "data/../../preflight.txt");
  }),
  unseen("a line added to the journal", (folder) =>
    cpSync(join(folder, "journal/000003.json"), join(folder, "journal/000006.json")),
  ),
  seen("a line removed from the journal", (folder) => rmSync(join(folder, "journal/000003.json"))),
  seen("two lines of the journal swapped", (folder) => {
    renameSync(join(folder, "journal/000003.json"), join(folder, "x"));
    renameSync(join(folder, "journal/000004.json"), join(folder, "journal/000003.json"));
    renameSync(join(folder, "x"), join(folder, "journal/000004.json"));
  }),
  unseen("the end of the journal cut off", (folder) => rmSync(join(folder, "journal/000005.json"))),
  seen("the journal of another archive", (folder, { older }) => {
    rmSync(join(folder, "journal"), { recursive: true });
    cpSync(join(older, "journal"), join(folder, "journal"), { recursive: true });
  }),
  unseen("a file changed, and every digest of it that is not signed", changeConsistently),
  unseen("the whole archive replaced by one of an older release", (folder, { older }) =>
    replaceFolder(folder, older),
  ),
  unseen("the whole archive replaced by its own earlier state", (folder, { earlier }) =>
    replaceFolder(folder, earlier),
  ),
  unseen("the whole archive replaced by one that was sealed with other keys", (folder, { forged }) =>
    replaceFolder(folder, forged),
  ),
  unseen("the last seal's bundle replaced by an older release's", (folder, { older }) =>
    cpSync(join(older, "seals/0002.sigstore.json"), join(folder, "seals/0002.sigstore.json")),
  ),
  seen("an approval replaced by an older release's", (folder, { older }) =>
    cpSync(approvalIn(older), approvalIn(folder)),
  ),
  unseen("the bundle of the last seal given another media type", (folder) =>
    replaceText(join(folder, "seals/0002.sigstore.json"), "bundle.v0.3+json", "bundle.v0.1+json"),
  ),
  unseen("all seals removed", (folder) => {
    rmSync(join(folder, "seals"), { recursive: true });
    mkdirSync(join(folder, "seals"));
    rmSync(join(folder, "tagmanifest-sha256.txt"));
    linkSync(join(folder, "manifest-sha256.txt"), join(folder, "tagmanifest-sha256.txt"));
  }),
];
