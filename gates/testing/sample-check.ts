import { systemClock } from "../../core/index.ts";
import { type Check, type CheckInput, defineCheck, type ProbeContext } from "../engine/check.ts";
import type { Gate } from "../engine/gate.ts";
import type { Observation } from "../engine/observation.ts";
import { NO_PARTS, type Target, type TargetField } from "../engine/target.ts";

/** What a check has found that holds. */
export function soundObservation(changes: Partial<Observation> = {}): Observation {
  return {
    expected: ["orders"],
    examined: ["orders"],
    acts: [],
    asOfMs: systemClock.nowMs(),
    violations: [],
    unclear: [],
    summary: "all well",
    texts: ["orders\t1\n"],
    ...changes,
  };
}

/** A check that finds what it is told to, or does what it is told to. */
export function sampleCheck(
  observe: (context: ProbeContext) => Promise<Observation> = () => Promise.resolve(soundObservation()),
  changes: Partial<Omit<CheckInput<TargetField>, "observe">> = {},
): Check {
  return defineCheck<TargetField>({
    id: "sample",
    title: "Sample",
    question: "Is the sample in order?",
    risk: "Something breaks.",
    command: "true",
    passes: "all is well",
    fix: "Repair it.",
    evidence: ["sample_{release}.txt"],
    deadlineMs: 10_000,
    maxAgeMs: 60_000,
    needs: [],
    mutant: {
      what: "Something is broken.",
      apply: () => Promise.reject(new Error("not applied in this test")),
    },
    ...changes,
    observe: (_, context) => observe(context),
  });
}

/** A gate of these checks. */
export function sampleGate(checks: readonly Check[]): Gate {
  return {
    name: "sample",
    title: "Sample gate",
    question: "Is all well?",
    checks,
    summaryFile: "sample.txt",
    limitMs: 20_000,
  };
}

/** A target of which nothing is there. */
export const EMPTY_TARGET: Target = {
  release: "v1.4.0",
  name: "nothing",
  kind: "release-file",
  deployer: "mara",
  keyPaths: [],
  allowedHosts: [],
  parts: NO_PARTS,
};
