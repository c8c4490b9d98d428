import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type SecretRegistry, UsageError } from "../../core/index.ts";
import { FILE_MODE, FOLDER_MODE, writeAtomically } from "../../evidence/index.ts";
import { scenarioOf } from "../failure/scenario-of.ts";
import { jsonIn } from "../json-in.ts";
import type { Reproduction } from "../reproduction.ts";
import { EXPERIMENT_LINE_SCHEMA, type ExperimentLine } from "./experiment-line.ts";

const OPENING_FILE = "opening.json";
const LINES_FILE = "experiments.jsonl";
const RECORD_FILE = "exploration.json";

/** What decides which experiments an exploration draws: it goes on only with the same. */
const OPENING_SCHEMA = z.strictObject({
  format: z.literal("kanit.exploration/1"),
  platform: z.string(),
  seed: z.int(),
  links: z.array(z.string()).readonly(),
});
export type Opening = z.output<typeof OPENING_SCHEMA>;

/** The folder of an exploration. What is found is on disk as soon as it is known. */
export class ExplorationFolder {
  readonly path: string;
  readonly #filter: (text: string) => string;
  /** The experiments that are already done, of the exploration that is continued. */
  readonly done: readonly ExperimentLine[];
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    path: string,
    secrets: Pick<SecretRegistry, "filter">,
    done: readonly ExperimentLine[],
  ) {
    this.path = path;
    this.#filter = (text) => secrets.filter(text);
    this.done = done;
  }

  static async create(
    path: string,
    opening: Opening,
    secrets: Pick<SecretRegistry, "filter">,
  ): Promise<ExplorationFolder> {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    const folder = new ExplorationFolder(path, secrets, []);
    await folder.#write(OPENING_FILE, opening);
    return folder;
  }

  /**
   * Opens the folder of an exploration to go on with it. A last line that was not written to its end is left out.
   *
   * @throws UsageError `not-continued` when there is none, or when it explored something else.
   */
  static async reopen(
    path: string,
    opening: Opening,
    secrets: Pick<SecretRegistry, "filter">,
  ): Promise<ExplorationFolder> {
    const text = await readFile(join(path, OPENING_FILE), "utf8").catch(() => "null");
    const begun = OPENING_SCHEMA.safeParse(jsonIn(text)).data;
    if (begun === undefined || JSON.stringify(begun) !== JSON.stringify(opening)) {
      throw new UsageError({
        code: "not-continued",
        message:
          begun === undefined
            ? `Expected the folder of an exploration, got ${path}, which has no ${OPENING_FILE} of one.`
            : `Expected an exploration with these flags in ${path}, got one with other flags: ${JSON.stringify(begun)}.`,
        nextStep: "Use the flags with which it began, or leave out --resume.",
      });
    }
    const lines = await readFile(join(path, LINES_FILE), "utf8").catch(() => "");
    const whole = lines.split("\n").slice(0, -1);
    const kept = whole.map((line) => `${line}\n`).join("");
    // What is added next must not continue a line that was cut off.
    if (kept !== lines) await writeAtomically(join(path, LINES_FILE), kept);
    return new ExplorationFolder(
      path,
      secrets,
      whole.map((line) => EXPERIMENT_LINE_SCHEMA.parse(JSON.parse(line))),
    );
  }

  /** Adds an experiment; one after the other, whoever adds them. */
  add(line: ExperimentLine): Promise<void> {
    const text = `${this.#json(line, 0)}\n`;
    this.#writing = this.#writing.then(() =>
      appendFile(join(this.path, LINES_FILE), text, { mode: FILE_MODE }),
    );
    return this.#writing;
  }

  /** Writes it, and a scenario that does the same under load. Returns its path. */
  async keep(reproduction: Reproduction): Promise<string> {
    // JSON is YAML, in which scenarios are written.
    await this.#write(join("reproductions", `${reproduction.name}.scenario.yml`), scenarioOf(reproduction));
    return this.#write(join("reproductions", `${reproduction.name}.json`), reproduction);
  }

  writeRecord(record: object): Promise<string> {
    return this.#write(RECORD_FILE, record);
  }

  async #writeText(name: string, text: string): Promise<string> {
    const path = join(this.path, name);
    await writeAtomically(path, text);
    return path;
  }

  /** Each text in it is filtered for itself: a filter of the whole could take its marks for parts of a secret. */
  #json(value: unknown, indent: number): string {
    const filtered = (_: string, each: unknown) => (typeof each === "string" ? this.#filter(each) : each);
    return JSON.stringify(value, filtered, indent);
  }

  #write(name: string, value: unknown): Promise<string> {
    return this.#writeText(name, `${this.#json(value, 2)}\n`);
  }
}
