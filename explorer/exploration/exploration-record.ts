import { mergeVerdicts, type Verdict } from "../../core/index.ts";
import type { TimeSplit } from "../experiment/experiment-record.ts";
import { SOMETIMES } from "../experiment/sometimes.ts";
import { type Signature, textOf } from "../failure/signature.ts";
import type { ExperimentLine } from "./experiment-line.ts";

/** Failures with one signature, and what was found out about them. */
interface FailureGroup {
  readonly signature: Signature;
  /** The numbers of the experiments that failed so. */
  readonly experiments: readonly number[];
  /** Whether one of them failed while nothing excused it. Otherwise the machine may have caused it. */
  readonly isConfirmed: boolean;
}

/** The result of an exploration, as plain data. */
export interface ExplorationRecord {
  readonly verdict: Verdict;
  readonly experiments: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly operations: number;
  readonly faults: number;
  readonly untouchedFaults: number;
  /** Of all experiments together: with several labs it is longer than the exploration. */
  readonly split: TimeSplit;
  /** The most frequent failures first. */
  readonly groups: readonly FailureGroup[];
  /** How many different things were seen to happen. */
  readonly features: number;
  /** How often each thing that must happen sometimes did. */
  readonly sometimes: Readonly<Record<string, number>>;
  /** Why experiments were inconclusive, with how many were. */
  readonly unclear: Readonly<Record<string, number>>;
}

/** Adds up what the experiments showed. Pure, so that an interrupted exploration is continued from its lines. */
export function explorationOf(lines: readonly ExperimentLine[]): ExplorationRecord {
  const sum = (value: (line: ExperimentLine) => number) => lines.reduce((all, line) => all + value(line), 0);
  const count = (verdict: Verdict) => lines.filter((line) => line.verdict === verdict).length;
  const groups = groupsOf(lines);
  return {
    verdict: verdictOf(lines, groups),
    experiments: lines.length,
    verdicts: { pass: count("pass"), fail: count("fail"), inconclusive: count("inconclusive") },
    operations: sum(({ operations }) => operations),
    faults: sum(({ faults }) => faults),
    untouchedFaults: sum(({ untouched }) => untouched.length),
    split: {
      resetMs: sum(({ split }) => split.resetMs),
      operationsMs: sum(({ split }) => split.operationsMs),
      settlingMs: sum(({ split }) => split.settlingMs),
      checksMs: sum(({ split }) => split.checksMs),
    },
    groups,
    features: new Set(lines.flatMap(({ features }) => features)).size,
    sometimes: Object.fromEntries(
      Object.keys(SOMETIMES).map((name) => [name, sum(({ facts }) => facts[name] ?? 0)]),
    ),
    unclear: countEach(lines.flatMap(({ unclear }) => [...new Set(unclear)])),
  };
}

/** An experiment that fails in several ways belongs to the one that says most; the others follow from it. */
function groupsOf(lines: readonly ExperimentLine[]): readonly FailureGroup[] {
  const failed = lines.flatMap((line) => {
    const [signature] = line.signatures;
    return signature === undefined ? [] : [{ line, signature }];
  });
  return [...Map.groupBy(failed, ({ signature }) => textOf(signature)).values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      return [
        {
          signature: first.signature,
          experiments: group.map(({ line }) => line.number),
          isConfirmed: group.some(({ line }) => line.verdict === "fail"),
        },
      ];
    })
    .toSorted(
      (one, other) =>
        Number(other.isConfirmed) - Number(one.isConfirmed) ||
        other.experiments.length - one.experiments.length,
    );
}

/** What failed only while the machine was in trouble leaves the result open. So does an exploration of nothing. */
function verdictOf(lines: readonly ExperimentLine[], groups: readonly FailureGroup[]): Verdict {
  if (groups.some(({ isConfirmed }) => isConfirmed)) return "fail";
  const isOpen = groups.length > 0 || lines.every(({ verdict }) => verdict !== "pass");
  return mergeVerdicts([isOpen ? "inconclusive" : "pass"]);
}

function countEach(texts: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(texts, (text) => text)].map(([text, its]) => [text, its.length]));
}
