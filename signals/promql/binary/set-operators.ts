import type { VectorSample, VectorValue } from "../value.ts";
import type { MatchingLabels } from "./matching-labels.ts";

/** `and`, `or` and `unless`: by matching labels alone, whatever the values. */
export function combineSets(
  operator: string,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
  matching: MatchingLabels,
): VectorValue {
  if (operator === "or") {
    const present = new Set(left.map((sample) => matching.signatureOf(sample.labels)));
    return {
      kind: "vector",
      samples: [...left, ...right.filter((sample) => !present.has(matching.signatureOf(sample.labels)))],
    };
  }
  const present = new Set(right.map((sample) => matching.signatureOf(sample.labels)));
  const wanted = operator === "and";
  return {
    kind: "vector",
    samples: left.filter((sample) => present.has(matching.signatureOf(sample.labels)) === wanted),
  };
}
