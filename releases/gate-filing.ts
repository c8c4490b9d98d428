import { createHash, randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { SecretRegistry, Verdict } from "../core/index.ts";
import { type Archive, createArchive, JOURNAL_NAME, type Journal, MANIFEST_NAME } from "../evidence/index.ts";
import { evidenceNamed } from "./evidence-names.ts";
import { GATES, LAYOUT } from "./layout.ts";
import { type FileToFile, fileForRelease, type ReleasesOptions } from "./release-archive.ts";
import { checkRelease } from "./release-name.ts";

/** Where the folder of a run is while it goes on, and stays when it is killed. */
const UNFINISHED = ".unfinished";

/** What all files of one run of a gate have in common. */
export interface GateSubject {
  readonly release: string;
  /** `preflight` */
  readonly gate: string;
  readonly commit: string | null;
  readonly target: string;
  readonly command: string;
}

/** One file of a gate. */
export interface GateFile {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
  readonly command: string;
}

/** A file of a gate as it was filed. */
export interface FiledGateFile extends Omit<GateFile, "text"> {
  readonly sha256: string;
  readonly bytes: number;
  readonly commit: string | null;
  readonly target: string;
  readonly atMs: number;
}

interface GateFilingOptions extends ReleasesOptions {
  readonly secrets: SecretRegistry;
}

/**
 * The evidence of one run of a gate. Each file is on the disk as soon as it is filed, in a folder with a journal of its
 * own, so that a gate that is killed leaves what it had found. At the end all of it goes into the archive of the
 * release at once: what the list of evidence names, and the folder of the run.
 */
export class GateFiling {
  readonly #options: GateFilingOptions;
  readonly #subject: GateSubject;
  readonly #run: Archive;
  readonly #journal: Journal;
  readonly #files: FiledGateFile[] = [];
  #folder: string;

  private constructor(options: GateFilingOptions, subject: GateSubject, run: Archive) {
    this.#options = options;
    this.#subject = subject;
    this.#run = run;
    this.#folder = run.folder;
    this.#journal = run.startJournal();
    this.#journal.append("filing.opened", subject);
  }

  /** @throws UsageError `bad-release`; UnavailableError when the folder cannot be made. */
  static async open(options: GateFilingOptions, subject: GateSubject): Promise<GateFiling> {
    checkRelease(subject.release);
    const stamp = new Date(options.clock.nowMs()).toISOString().replaceAll(/[-:]|\.\d+/g, "");
    const runId = `${subject.gate}-${stamp}-${randomUUID().slice(0, 8)}`;
    const root = join(options.root, UNFINISHED);
    return new GateFiling(options, subject, await createArchive({ ...options, root, runId }));
  }

  /** Where a person finds the files. */
  get folder(): string {
    return this.#folder;
  }

  /** Files a text, whole or not at all. */
  async file({ name, kind, text, command }: GateFile): Promise<FiledGateFile> {
    const clean = this.#options.secrets.filter(text);
    await this.#run.writeRendered(name, clean);
    const { commit, target } = this.#subject;
    const filed = {
      ...{ name, kind, command, commit, target },
      sha256: createHash("sha256").update(clean).digest("hex"),
      bytes: Buffer.byteLength(clean),
      atMs: this.#options.clock.nowMs(),
    };
    this.#journal.append("evidence.filed", filed);
    this.#files.push(filed);
    return filed;
  }

  /** Adds an event to the journal of the run. */
  note(kind: string, data: unknown): void {
    this.#journal.append(kind, data);
  }

  /** Ends the run, and files all of it for the release. */
  async end({
    verdict,
    problems,
  }: {
    readonly verdict: Verdict;
    readonly problems: readonly string[];
  }): Promise<void> {
    const manifest = await this.#run.writeManifest();
    this.#journal.end({ verdict, manifest, problems });
    const { release, commit, target, command } = this.#subject;
    const made = await fileForRelease(this.#options, release, {
      command,
      commit,
      target,
      files: this.#toFile(),
    });
    this.#folder = join(made.folder, LAYOUT.data, GATES, this.#run.runId);
    await rm(this.#run.folder, { recursive: true });
  }

  #toFile(): readonly FileToFile[] {
    const { release, gate, command } = this.#subject;
    const newest = [...new Map(this.#files.map((file) => [file.name, file])).values()];
    const own = (name: string): FileToFile => ({
      ...this.#copyOf(name, `${GATES}/${this.#run.runId}/${name}`),
      kind: `gate.${gate}.file`,
      command,
      atMs: this.#options.clock.nowMs(),
    });
    return [
      ...newest
        .filter(({ name }) => evidenceNamed(name, release) !== null)
        .map((file) => ({
          ...this.#copyOf(file.name, file.name),
          ...{ kind: file.kind, command: file.command, atMs: file.atMs },
        })),
      ...[...newest.map(({ name }) => name), JOURNAL_NAME, MANIFEST_NAME].map(own),
    ];
  }

  #copyOf(name: string, path: string): Pick<FileToFile, "path" | "content" | "madeFrom"> {
    return { path, content: { kind: "copy", from: this.#run.path(name) }, madeFrom: [] };
  }
}
