import type { Verdict } from "../../core/index.ts";

export const GATE_SCHEMA = "kanit.gate/1";

/** The result of one check of a gate. */
export interface GateCheckRecord {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly verdict: Verdict;
  /** `not-run`: something that it needs is not there. */
  readonly standing: "judged" | "not-run" | "interrupted";
  /** What was found, in a few words. */
  readonly summary: string;
  /** Why it did not pass, one line each. */
  readonly reasons: readonly string[];
  readonly passes: string;
  readonly risk: string;
  readonly fix: string;
  readonly command: string;
  readonly tookMs: number;
  readonly evidence: readonly { readonly name: string; readonly sha256: string; readonly bytes: number }[];
}

/** One run of a gate. */
export interface GateRecord {
  readonly schema: typeof GATE_SCHEMA;
  readonly gate: string;
  readonly title: string;
  readonly question: string;
  readonly release: string;
  readonly target: string;
  readonly targetKind: "release-file" | "lab";
  readonly commit: string | null;
  readonly deployer: string;
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly tookMs: number;
  readonly verdict: Verdict;
  readonly checks: readonly GateCheckRecord[];
  /** What concerns the whole gate, one line each: an interruption, a clock that jumped, evidence that was not filed. */
  readonly problems: readonly string[];
}
