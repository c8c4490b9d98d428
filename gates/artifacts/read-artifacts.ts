import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Artifact, ArtifactProof } from "./artifact.ts";

/** An artifact as it was found, and what is wrong with it, one line each. */
export interface FoundArtifact {
  readonly artifact: Artifact;
  readonly problems: readonly string[];
}

/** Whether a gate of this name has only checks that a drill has seen red, as they are written now. */
export type IsProvedGate = (gate: string) => boolean;

/** Looks at each artifact in a folder. */
export function readArtifacts(
  directory: string,
  artifacts: readonly Artifact[],
  isProved: IsProvedGate,
): Promise<readonly FoundArtifact[]> {
  return Promise.all(
    artifacts.map(async (artifact) => {
      const places = await Promise.all(artifact.places.map((place) => placeProblem(directory, place)));
      const proof = await proofProblem(directory, artifact.proof, isProved);
      return { artifact, problems: [...places, proof].filter((problem) => problem !== "") };
    }),
  );
}

/** The empty text when the file is there and has something in it. */
async function placeProblem(directory: string, place: string): Promise<string> {
  const found = await stat(join(directory, place)).catch(() => null);
  if (found === null) return `${place} is missing`;
  return found.size === 0 ? `${place} is empty` : "";
}

async function proofProblem(
  directory: string,
  proof: ArtifactProof,
  isProved: IsProvedGate,
): Promise<string> {
  if (proof.kind === "gate")
    return isProved(proof.gate) ? "" : `unproved: no drill of the gate ${proof.gate}`;
  const problem = await placeProblem(directory, proof.path);
  return problem === "" ? "" : `unproved: ${problem}`;
}
