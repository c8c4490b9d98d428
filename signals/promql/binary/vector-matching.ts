import type { Labels } from "../../labels.ts";
import type { Binary } from "../ast.ts";
import type { VectorSample, VectorValue } from "../value.ts";
import type { MatchingLabels } from "./matching-labels.ts";
import { ARITHMETIC, COMPARISONS } from "./operators.ts";

/** Computes one binary operation for each pair of matching elements. */
export function matchVectors(
  binary: Binary,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
  matching: MatchingLabels,
  fail: (reason: string) => never,
): VectorValue {
  if (left.length === 0 || right.length === 0) return { kind: "vector", samples: [] };
  const isSwapped = binary.matching.cardinality === "one-to-many";
  const [many, one] = isSwapped ? [right, left] : [left, right];
  const bySignature = indexOneSide(one, matching, isSwapped ? "left" : "right", fail);
  const matched = new Map<string, Set<string>>();
  const samples: VectorSample[] = [];
  for (const sample of many) {
    const signature = matching.signatureOf(sample.labels);
    const partner = bySignature.get(signature);
    if (partner === undefined) continue;
    const labels = matching.resultOf(sample.labels, partner.labels);
    noteMatch(binary, matched, signature, labels, fail);
    const value = isSwapped
      ? computePair(binary, partner.value, sample.value)
      : computePair(binary, sample.value, partner.value);
    if (value === undefined) continue;
    const dropName = dropsName(binary) || (sample.dropName && labels.withoutMetadata() !== labels);
    samples.push({ labels, value, dropName });
  }
  return { kind: "vector", samples };
}

/** The value of an operation on two numbers; undefined when a comparison filters it out. */
export function computePair(binary: Binary, left: number, right: number): number | undefined {
  const arithmetic = ARITHMETIC[binary.operator];
  if (arithmetic !== undefined) return arithmetic(left, right);
  const holds = COMPARISONS[binary.operator]?.(left, right) ?? false;
  if (binary.returnBool) return holds ? 1 : 0;
  return holds ? left : undefined;
}

/** Whether the result is no longer the metric that it was computed from. */
export function dropsName(binary: Binary): boolean {
  return binary.returnBool || ARITHMETIC[binary.operator] !== undefined;
}

function indexOneSide(
  samples: readonly VectorSample[],
  matching: MatchingLabels,
  side: "left" | "right",
  fail: (reason: string) => never,
): Map<string, VectorSample> {
  const bySignature = new Map<string, VectorSample>();
  for (const sample of samples) {
    const signature = matching.signatureOf(sample.labels);
    const other = bySignature.get(signature);
    if (other !== undefined) {
      const twins = [other.labels.toString(), sample.labels.toString()].sort();
      fail(
        `found duplicate series for the match group ${matching.groupOf(sample.labels)} on the ${side} ` +
          `hand-side of the operation: [${twins.join(", ")}];many-to-many matching not allowed: ` +
          "matching labels must be unique on one side",
      );
    }
    bySignature.set(signature, sample);
  }
  return bySignature;
}

function noteMatch(
  binary: Binary,
  matched: Map<string, Set<string>>,
  signature: string,
  labels: Labels,
  fail: (reason: string) => never,
): void {
  const seen = matched.get(signature);
  if (seen === undefined) {
    matched.set(signature, new Set([labels.key]));
    return;
  }
  if (binary.matching.cardinality === "one-to-one") {
    fail("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)");
  }
  if (seen.has(labels.key)) fail("multiple matches for labels: grouping labels must ensure unique matches");
  seen.add(labels.key);
}
