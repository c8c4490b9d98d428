import { type Statement, statementOf } from "../signatures/index.ts";
import type { ObservedBuild } from "./observe-build.ts";

const SLSA_PROVENANCE = "https://slsa.dev/provenance/v1";
const BUILD_TYPE = "urn:kanit:build:npm-pack:v1";
const BUILDER = "urn:kanit:builder:local";

/**
 * The provenance of what was built, as SLSA v1 has it: only what was seen. What could not be seen is not in it, and a
 * source that changed while it was built is said to have changed.
 */
export function provenanceOf(build: ObservedBuild): Statement {
  const { before, after, node, platform, steps, artifacts } = build;
  const subjects = artifacts.map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
  const source = before.commit === null ? [] : [sourceOf(before.commit, before.remote)];
  const lock =
    before.lock === null ? [] : [{ name: before.lock.name, digest: { sha256: before.lock.sha256 } }];
  const predicate = {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: { repository: before.remote ?? "unknown", commit: before.commit ?? "unknown" },
      internalParameters: {
        node,
        platform,
        sourceWasClean: before.isClean,
        sourceChanged: JSON.stringify(before) !== JSON.stringify(after),
      },
      resolvedDependencies: [...source, ...lock],
    },
    runDetails: {
      builder: { id: BUILDER },
      metadata: { startedOn: build.startedAt, finishedOn: build.endedAt },
      byproducts: steps.map(({ command, exitCode, startedAt, tookMs }) => ({
        name: command,
        annotations: { exitCode, startedAt, tookMs },
      })),
    },
  };
  // A statement needs a subject: where nothing was built, the source is what is known.
  const fallback = [...source, ...lock].map(({ name, digest }) => ({ name, digest }));
  return statementOf(subjects.length > 0 ? subjects : fallback, SLSA_PROVENANCE, predicate);
}

function sourceOf(commit: string, remote: string | null) {
  return { name: "source", uri: `git+${remote ?? "unknown"}@${commit}`, digest: { gitCommit: commit } };
}

/** Why a build does not show where its artifacts come from; empty when it does. */
export function provenanceProblems({ before, after, steps, artifacts }: ObservedBuild): readonly string[] {
  const failed = steps.filter(({ exitCode }) => exitCode !== 0);
  return [
    ...(before.commit === null ? ["there is no commit"] : []),
    ...(before.isClean === false ? ["files differ from the commit"] : []),
    ...(JSON.stringify(before) === JSON.stringify(after) ? [] : ["the source changed while it was built"]),
    ...failed.map(({ command, problem }) => `${command}: ${problem.split("\n").at(-1) ?? ""}`),
    ...(artifacts.length === 0 ? ["no artifact was built or given"] : []),
    ...(steps.length === 0 && artifacts.length > 0
      ? ["the artifact was built elsewhere: no step was seen"]
      : []),
  ];
}
