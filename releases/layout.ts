/** What lies where in an archive, which is a bag by RFC 8493. */
export const LAYOUT = {
  /** The payload. */
  data: "data",
  /** One file for each filing; together they are a hash-chained journal. */
  journal: "journal",
  /** For each seal its bundle and the manifest that it is about. */
  seals: "seals",
  declaration: "bagit.txt",
  information: "bag-info.txt",
  manifest: "manifest-sha256.txt",
  tagManifest: "tagmanifest-sha256.txt",
} as const;

/** Where files wait until the journal has them: `.filing-<random>`. */
export const STAGING_PREFIX = ".filing-";
/** Where a file goes that was filed again before it was sealed. */
export const SUPERSEDED = "superseded";
/** Where the signatures of people go. */
export const APPROVALS = "approvals";
/** The folders of runs and of gates. */
export const RUNS = "runs";
export const GATES = "gates";

export const BAGIT_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

const SEQUENCE_DIGITS = 6;

/** `journal/000012.json` */
export function journalPath(sequence: number): string {
  return `${LAYOUT.journal}/${String(sequence).padStart(SEQUENCE_DIGITS, "0")}.json`;
}

const SEAL_DIGITS = 4;

/** `seals/0001.sigstore.json`, whose being there is what seals an archive. */
export function sealPath(number: number): string {
  return `${LAYOUT.seals}/${String(number).padStart(SEAL_DIGITS, "0")}.sigstore.json`;
}

/** `seals/0001.manifest-sha256.txt` */
export function sealedManifestPath(number: number): string {
  return `${LAYOUT.seals}/${String(number).padStart(SEAL_DIGITS, "0")}.${LAYOUT.manifest}`;
}

const SEGMENT = /^(?!\.{1,2}$)[\w@%+=:,.~-]{1,200}$/;
const LONGEST_PATH = 1_000;

/** Whether a path can be filed: plain, relative, inside, and readable by `sha256sum -c` and every file system. */
export function isPlainPath(path: string): boolean {
  return path.length <= LONGEST_PATH && path.split("/").every((segment) => SEGMENT.test(segment));
}
