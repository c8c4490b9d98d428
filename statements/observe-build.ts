import { mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { digestFile, UnreadableFile } from "../evidence/index.ts";
import { runStep, type Step } from "./run-step.ts";

const STEP_LIMIT_MS = 10 * 60_000;
const GIT_LIMIT_MS = 30_000;

/** A named file and its digest. */
export interface NamedDigest {
  readonly name: string;
  readonly sha256: string;
}

/** What a repository was when somebody looked. */
export interface SourceState {
  /** Null where there is no repository. */
  readonly commit: string | null;
  readonly tags: readonly string[];
  /** The remote, without credentials; null where there is none. */
  readonly remote: string | null;
  /** Whether all files are as committed; null where there is no repository. */
  readonly isClean: boolean | null;
  /** The lock file; null where there is none. */
  readonly lock: NamedDigest | null;
}

/** A command of a build, and how it ended. */
interface ObservedStep {
  readonly command: string;
  readonly exitCode: number | null;
  readonly startedAt: string;
  readonly tookMs: number;
  readonly problem: string;
}

/** What was seen while a build ran, and nothing that was not. */
export interface ObservedBuild {
  readonly before: SourceState;
  readonly after: SourceState;
  readonly node: string;
  readonly platform: string;
  readonly steps: readonly ObservedStep[];
  /** What it made, or what was given as made elsewhere. */
  readonly artifacts: readonly NamedDigest[];
  readonly startedAt: string;
  readonly endedAt: string;
}

export interface BuildOptions {
  readonly directory: string;
  /** Files that were made elsewhere; when there are any, nothing is built. */
  readonly artifacts: readonly string[];
  /** Where `npm pack` puts what it makes. */
  readonly outDirectory: string;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
}

/** Looks at the source, runs `npm pack` unless its result was given, and looks again. */
export async function observeBuild(options: BuildOptions): Promise<ObservedBuild> {
  const { directory, artifacts, outDirectory, nowMs, signal } = options;
  const startedAt = new Date(nowMs()).toISOString();
  const before = await sourceState(directory, signal);
  const steps: ObservedStep[] = [];
  let made = artifacts;
  if (artifacts.length === 0 && before.lock !== null) {
    await mkdir(outDirectory, { recursive: true });
    steps.push(await observeStep(["npm", "pack", "--pack-destination", outDirectory], options));
    made = (await readdir(outDirectory))
      .filter((name) => name.endsWith(".tgz"))
      .map((name) => join(outDirectory, name));
  }
  const digests = await Promise.all(
    made.map(async (path) => ({ name: basename(path), ...(await digestFile(path)) })),
  );
  return {
    before,
    after: await sourceState(directory, signal),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    steps,
    artifacts: digests.map(({ name, sha256 }) => ({ name, sha256 })),
    startedAt,
    endedAt: new Date(nowMs()).toISOString(),
  };
}

async function observeStep(
  words: Step["words"],
  { directory, nowMs, signal }: BuildOptions,
): Promise<ObservedStep> {
  const startedMs = nowMs();
  const { exitCode, problem } = await runStep({ words, directory, timeLimitMs: STEP_LIMIT_MS, signal });
  return {
    // Where it was put says nothing, and differs each time.
    command: words.filter((_, index) => index < 2).join(" "),
    exitCode,
    startedAt: new Date(startedMs).toISOString(),
    tookMs: nowMs() - startedMs,
    problem: exitCode === 0 ? "" : problem,
  };
}

/** Looks at a repository. */
export async function sourceState(directory: string, signal: AbortSignal): Promise<SourceState> {
  const git = async (...words: readonly string[]) => {
    const here = ["--git-dir", join(directory, ".git"), "--work-tree", directory];
    const step: Step = { words: ["git", ...here, ...words], directory, timeLimitMs: GIT_LIMIT_MS, signal };
    const { exitCode, output } = await runStep(step);
    return exitCode === 0 ? output.trim() : null;
  };
  const status = await git("status", "--porcelain");
  return {
    commit: await git("rev-parse", "--verify", "HEAD"),
    tags: (await git("tag", "--points-at", "HEAD"))?.split("\n").filter((tag) => tag !== "") ?? [],
    remote: withoutCredentials(await git("remote", "get-url", "origin")),
    isClean: status === null ? null : status === "",
    lock: await lockIn(directory),
  };
}

async function lockIn(directory: string): Promise<NamedDigest | null> {
  try {
    const { sha256 } = await digestFile(join(directory, "package-lock.json"));
    return { name: "package-lock.json", sha256 };
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

function withoutCredentials(remote: string | null): string | null {
  if (remote === null || !URL.canParse(remote)) return remote;
  const url = new URL(remote);
  url.username = "";
  url.password = "";
  return url.href;
}
