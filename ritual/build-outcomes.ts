import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, KanitError, mergeVerdicts, type Verdict } from "../core/index.ts";
import { type FileToFile, fileForRelease, type MadeFiling, type ReleasesOptions } from "../releases/index.ts";
import {
  makeSbom,
  type ObservedBuild,
  observeBuild,
  provenanceOf,
  provenanceProblems,
} from "../statements/index.ts";

/** What a step found out, and the file that it leaves; null where another command has filed it. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly why: string;
  readonly text: string | null;
  readonly madeFrom?: FileToFile["madeFrom"];
}

export interface BuildToObserve {
  readonly directory: string;
  /** What was built elsewhere; empty: `npm pack` is run. */
  readonly artifacts: readonly string[];
  readonly clock: Pick<Clock, "nowMs">;
  readonly signal: AbortSignal;
}

/** Builds what is released in a folder that is removed again, and says what was seen. */
export async function observeRelease(options: BuildToObserve): Promise<ObservedBuild> {
  const { directory, artifacts, clock, signal } = options;
  const temporary = await mkdtemp(join(tmpdir(), "kanit-build-"));
  try {
    const outDirectory = join(temporary, "pack");
    return await observeBuild({ directory, artifacts, signal, outDirectory, nowMs: () => clock.nowMs() });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The bill of materials of a build, bound to what was built and to the lock file. */
export async function sbomOutcome(
  directory: string,
  build: ObservedBuild,
  signal: AbortSignal,
): Promise<Outcome> {
  const madeFrom = sourcesOf(build);
  const { text, components } = await makeSbom(directory, madeFrom, signal);
  const names = build.artifacts.map(({ name }) => name).join(", ");
  return {
    verdict: names === "" ? "inconclusive" : "pass",
    why: `${components} packages, of ${names === "" ? "no artifact" : names}`,
    text,
    madeFrom,
  };
}

/** The provenance of a build. */
export function provenanceOutcome(build: ObservedBuild): Outcome {
  const problems = provenanceProblems(build);
  const seen = `${build.steps.length} step seen, Node ${build.node}`;
  return {
    verdict: problems.length === 0 ? "pass" : "inconclusive",
    why: problems.length === 0 ? seen : problems.join("; "),
    text: `${JSON.stringify(provenanceOf(build), null, 2)}\n`,
    madeFrom: sourcesOf(build),
  };
}

function sourcesOf({ artifacts, before }: ObservedBuild): FileToFile["madeFrom"] {
  return [...artifacts, ...(before.lock === null ? [] : [before.lock])];
}

/** Files the bill of materials and the provenance of a build, without the rest of a ritual: for CI. */
export async function fileBuild(
  releases: ReleasesOptions,
  release: string,
  command: string,
  options: BuildToObserve,
): Promise<MadeFiling & { readonly verdict: Verdict; readonly lines: readonly string[] }> {
  const build = await observeRelease(options);
  const outcomes = [
    {
      path: `sbom_${release}.json`,
      ...(await orWhy(() => sbomOutcome(options.directory, build, options.signal))),
    },
    { path: `build_provenance_${release}.json`, ...provenanceOutcome(build) },
  ];
  const files = outcomes.map(({ path, text, madeFrom = [] }): FileToFile => {
    const content = { kind: "text", text: text ?? "" } as const;
    return { path, kind: "build", content, atMs: releases.clock.nowMs(), command, madeFrom };
  });
  const made = await fileForRelease(releases, release, {
    command,
    commit: build.before.commit,
    target: null,
    files,
  });
  return {
    ...made,
    verdict: mergeVerdicts(outcomes.map(({ verdict }) => verdict)),
    lines: outcomes.map(({ path, why }) => `${path}  ${why}`),
  };
}

/** The outcome of a step, or of the error that kanit threw in it. */
export async function orWhy(act: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof KanitError)) throw error;
    const why = `${error.message} ${error.nextStep}`;
    return { verdict: "inconclusive", why, text: `NOT MADE: ${why}\n` };
  }
}
