import type { Clock } from "../../core/index.ts";
import type { Mutant } from "./mutant.ts";
import type { Observation } from "./observation.ts";
import type { Commit, Target, TargetField, TargetParts } from "./target.ts";

/** What a check gets besides the parts of the target. */
export interface ProbeContext {
  readonly target: Target;
  /** Null where there is no repository. */
  readonly commit: Commit | null;
  readonly clock: Clock;
  /** Aborted at the check's deadline, and when the gate is interrupted. */
  readonly signal: AbortSignal;
}

/** What is said of a check, for people: documents and reports are made of it. */
export interface CheckDescription {
  /** `pgbouncer-saturation`. */
  readonly id: string;
  readonly title: string;
  readonly question: string;
  /** What happens where nobody asks. */
  readonly risk: string;
  /** What a person would paste to find out the same. */
  readonly command: string;
  /** The criterion, as text after "passes when": `no client waits`. */
  readonly passes: string;
  /** How to repair it. */
  readonly fix: string;
  /** The names of its evidence files; `{release}` stands for the release. */
  readonly evidence: readonly string[];
  readonly deadlineMs: number;
  /** Older data say nothing about the release. */
  readonly maxAgeMs: number;
}

/** One question to a release, and how it is answered. */
export interface Check extends CheckDescription {
  readonly needs: readonly TargetField[];
  /** Under which it must fail: a check that was never seen red proves nothing. */
  readonly mutant: Mutant;
  /** @throws anything: what throws is inconclusive. */
  readonly observe: (target: Target, context: ProbeContext) => Promise<Observation>;
}

/** A check as its file states it: it gets the parts of the target that it needs, and they are there. */
export interface CheckInput<Field extends TargetField> extends CheckDescription {
  readonly needs: readonly Field[];
  readonly mutant: Mutant;
  readonly observe: (parts: Pick<TargetParts, Field>, context: ProbeContext) => Promise<Observation>;
}

/** Makes a check. */
export function defineCheck<const Field extends TargetField>(input: CheckInput<Field>): Check {
  return {
    ...input,
    observe: (target, context) => input.observe(partsOf(target, input.needs), context),
  };
}

/** The fields that a check needs and the target lacks. */
export function missingParts({ needs }: Check, { parts }: Target): readonly TargetField[] {
  return needs.filter((field) => parts[field] === null);
}

function partsOf<Field extends TargetField>(
  { parts }: Target,
  fields: readonly Field[],
): Pick<TargetParts, Field> {
  const found: Partial<Pick<TargetParts, Field>> = {};
  for (const field of fields) {
    const part = parts[field];
    if (part === null) throw new TypeError(`Expected ${field} to be there, since a check needs it.`);
    found[field] = part as TargetParts[Field];
  }
  return found as Pick<TargetParts, Field>;
}

/** The names of a check's evidence files for a release. */
export function evidenceNames({ evidence }: Pick<Check, "evidence">, release: string): readonly string[] {
  return evidence.map((name) => name.replaceAll("{release}", release));
}
