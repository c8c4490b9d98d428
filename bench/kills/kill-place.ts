import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { labTemporaryDirectory } from "../../lab/index.ts";
import { type Canary, startCanary } from "./canary.ts";
import { CANARY, type PlannedKill } from "./kill-plan.ts";
import { type StayingKind, writeStayingPlatforms } from "./staying-platforms.ts";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const COMPILED = fileURLToPath(new URL("../../node_modules/.cache/compiled", import.meta.url));
const PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

/** A command that runs, and what it has said. */
export interface StartedCommand {
  /** What was started first: kanit, or whoever starts it. */
  readonly process: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** A folder of its own for everything that is started: nothing else on the machine names it. */
export class KillPlace implements AsyncDisposable {
  readonly folder: string;
  readonly temporaryDirectory: string;
  /** Where runs are filed. */
  readonly outDirectory: string;
  /** Where blasts are filed. */
  readonly evidenceDirectory: string;
  readonly #platforms: ReadonlyMap<StayingKind, string>;
  readonly #canary: Canary;

  private constructor(folder: string, platforms: ReadonlyMap<StayingKind, string>, canary: Canary) {
    this.folder = folder;
    this.temporaryDirectory = join(folder, "tmp");
    this.outDirectory = join(folder, "out");
    this.evidenceDirectory = join(folder, "evidence");
    this.#platforms = platforms;
    this.#canary = canary;
  }

  static async open(): Promise<KillPlace> {
    const folder = await mkdtemp(join(labTemporaryDirectory({}), "kanit-kills-"));
    // Root's Postgres runs as another user, who has to get in.
    await chmod(folder, 0o755);
    const platforms = await writeStayingPlatforms(join(folder, "platforms"));
    const place = new KillPlace(folder, platforms, await startCanary());
    await mkdir(place.temporaryDirectory);
    await chmod(place.temporaryDirectory, 0o755);
    return place;
  }

  /** Starts the command of a planned kill, by whoever is its victim. */
  async start({ command, platform, victim }: PlannedKill): Promise<StartedCommand> {
    const path = this.#platforms.get(platform) ?? "";
    const ofLab = command.against === "lab" ? ["--tape", "synthetic", "--platform", path] : [];
    const words = [...command.words.map((word) => (word === CANARY ? this.#canary.url : word)), ...ofLab];
    if (victim !== "npm" && victim !== "shell") return this.kanit(words);
    const line = [process.execPath, MAIN, ...words].map((word) => `"${word}"`).join(" ");
    if (victim === "shell") return this.#spawn("/bin/sh", ["-c", `${line}; true`]);
    const manifest = { name: "mine", version: "1.0.0", private: true, scripts: { start: `true && ${line}` } };
    await writeFile(join(this.folder, "package.json"), JSON.stringify(manifest));
    return this.#spawn("npm", ["start"]);
  }

  kanit(words: readonly string[]): StartedCommand {
    return this.#spawn(process.execPath, [MAIN, ...words]);
  }

  #spawn(program: string, args: readonly string[]): StartedCommand {
    const child = spawn(program, args, {
      cwd: this.folder,
      env: {
        ...{ PATH, HOME: this.folder, TMPDIR: this.temporaryDirectory, NODE_COMPILE_CACHE: COMPILED },
        KANIT_OUT: this.outDirectory,
      },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that the whole of it can be signaled as a terminal does.
      detached: true,
    });
    let said = "";
    for (const output of [child.stdout, child.stderr]) {
      output.on("data", (chunk) => {
        said += chunk;
      });
    }
    const ended = once(child, "exit").then(([code, signal]) => ({ code, signal }));
    return { process: child, said: () => said, ended };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#canary[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}
