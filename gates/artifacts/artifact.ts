/** What proves that an artifact works. */
export type ArtifactProof =
  /** A test of the project, which `npm test` runs. */
  | { readonly kind: "test"; readonly path: string }
  /** A gate, each check of which a drill has seen red. */
  | { readonly kind: "gate"; readonly gate: string };

/** One of the 40 artifacts of the deployment index. */
export interface Artifact {
  readonly number: number;
  readonly name: string;
  /** The files that it is. */
  readonly places: readonly string[];
  readonly proof: ArtifactProof;
}
