import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Disposals, SecretRegistry, systemClock } from "../../core/index.ts";
import { type PlatformDefinition, readPlatformDefinition, SPARK_DEFINITION } from "../../definition/index.ts";
import { type Lab, type LabOptions, startLocalLab } from "../../lab/index.ts";
import { readCommit } from "../engine/read-commit.ts";
import type { Commit, Target } from "../engine/target.ts";
import { type LabMonitorOptions, startLabMonitor } from "../target/lab-monitor.ts";
import { labTarget } from "../target/lab-target.ts";
import { startWalArchive } from "../target/wal-archive.ts";

const execute = promisify(execFile);

/** A lab with a monitor, and a repository of one commit, as a gate gets them. */
export interface GatedLab extends AsyncDisposable {
  readonly lab: Lab;
  readonly target: Target;
  readonly commit: Commit;
  readonly directory: string;
}

/** What the monitor of a test's lab watches, and how fast its time goes. */
type Watching = Pick<LabMonitorOptions, "timeScale" | "triggers">;

/** Starts it in a folder of its own. */
export async function startGatedLab(watching: Watching = { timeScale: 1, triggers: [] }): Promise<GatedLab> {
  const directory = await mkdtemp(join(tmpdir(), "kanit-gates-"));
  // Root's Postgres runs as another user, who needs access.
  await chmod(directory, 0o755);
  await using started = new Disposals();
  started.use({
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true, maxRetries: 5 }),
  });
  const platform = await readPlatformDefinition(SPARK_DEFINITION);
  const repository = await makeRepository(directory);
  const lab = started.use(await startLocalLab(labOptions(platform, directory)));
  const { id, addresses } = lab;
  const monitor = started.use(
    await startLabMonitor({ addresses, moved: {}, clock: systemClock, ...watching }),
  );
  await startWalArchive(addresses.databaseUrl, new AbortController().signal);
  const commit = await readCommit(repository, new AbortController().signal);
  if (commit === null) throw new Error("Expected the repository of the test to have a commit.");
  const target = labTarget({
    ...{
      release: "v1.4.0",
      id,
      addresses,
      canary: lab.canary,
      restart: restartIn(lab),
      platform,
      repository,
      deployer: "mara",
    },
    monitorUrl: monitor.url,
    logDirectory: dirname(lab.logs()[0]?.path ?? directory),
  });
  const kept = started.move();
  return { lab, target, commit, directory, [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() };
}

function restartIn({ powers }: Lab): (process: string) => Promise<void> {
  return async (process) => {
    await powers.killing?.kill(process, 0);
  };
}

function labOptions(platform: PlatformDefinition, temporaryDirectory: string): LabOptions {
  return {
    platform,
    market: { kind: "synthetic" },
    tapeSpeed: 1,
    seed: 1,
    linkPorts: {},
    platformEnvironment: {},
    canary: null,
    stepsClock: false,
    secrets: new SecretRegistry(),
    logDirectory: null,
    temporaryDirectory,
    signal: new AbortController().signal,
  };
}

/** A repository with one commit: a file, and the lock file of one package. */
export async function makeRepository(directory: string): Promise<string> {
  const repository = await mkdtemp(join(directory, "repository-"));
  const git = (...words: readonly string[]) =>
    execute("git", ["-c", "user.name=mara", "-c", "user.email=mara@localhost", ...words], {
      cwd: repository,
    });
  await git("init", "--quiet");
  await mkdir(join(repository, "src"));
  await writeFile(join(repository, "src", "main.ts"), "export {};\n");
  const dependencies = { left: "1.0.0" };
  const lock = {
    lockfileVersion: 3,
    packages: {
      "": { name: "platform", version: "1.4.0", dependencies },
      "node_modules/left": { version: "1.0.0", license: "MIT" },
    },
  };
  const manifest = { name: "platform", version: "1.4.0", dependencies };
  await writeFile(join(repository, "package.json"), JSON.stringify(manifest));
  await writeFile(join(repository, "package-lock.json"), JSON.stringify(lock));
  await git("add", ".");
  await git("commit", "--quiet", "--message", "Add the platform");
  return repository;
}
