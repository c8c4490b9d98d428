import { describeLimit, type GoldenSignal } from "../signals/index.ts";
import type { SourceState } from "../statements/index.ts";

/** Who releases what. */
export interface ReleaseIdentity {
  readonly release: string;
  readonly user: string;
  readonly at: string;
  readonly source: SourceState;
  /** The archive before this one; null for the first. */
  readonly follows: { readonly archive: string; readonly head: string } | null;
}

const lines = (...each: readonly string[]) => `${each.join("\n")}\n`;

/** `release_tag.txt` */
export function tagText({ release, user, at, source, follows }: ReleaseIdentity): string {
  const { commit, tags, remote, isClean, lock } = source;
  return lines(
    `Release     ${release}`,
    `Commit      ${commit ?? "unknown: no repository here"}`,
    `Tags        ${tags.length === 0 ? "none" : tags.join(", ")}`,
    `Repository  ${remote ?? "none"}`,
    `Tree        ${isClean === null ? "unknown" : isClean ? "as committed" : "differs from the commit"}`,
    `Lock file   ${lock === null ? "none" : `${lock.name} ${lock.sha256}`}`,
    `Deployer    ${user}`,
    `Time        ${at}`,
    `Follows     ${follows === null ? "none: the first attempt" : `${follows.archive}, journal ${follows.head}`}`,
  );
}

/** A share of the traffic, and for how long. */
const STAGES = [
  { share: 1, minutes: 15 },
  { share: 5, minutes: 15 },
  { share: 25, minutes: 15 },
  { share: 50, minutes: 15 },
  { share: 100, minutes: 30 },
] as const;

/** `canary_plan_<release>.txt` */
export function planText(
  release: string,
  signals: readonly GoldenSignal[],
  triggers: readonly string[],
): string {
  let minute = 0;
  const stages = STAGES.map(({ share, minutes }, index) => {
    const line = `  T+${String(minute).padStart(2, "0")}  stage ${index + 1}: ${share} % for ${minutes} min, evidence rollout_stage_${share}.txt`;
    minute += minutes;
    return line;
  });
  return lines(
    `Canary plan of ${release}`,
    "",
    ...stages,
    `  T+${minute}  first night: 24 hours, one log each`,
    "",
    "Each stage goes on only when all of these hold:",
    ...signals.map((signal) => `  ${signal.title}: ${describeLimit(signal)}  (${signal.query})`),
    "",
    `Any of these ${triggers.length} triggers rolls back:`,
    ...triggers.map((name) => `  ${name}`),
  );
}

/** What was found out about one condition of a GO. */
export interface Condition {
  readonly name: string;
  readonly verdict: "pass" | "fail" | "inconclusive";
  readonly why: string;
}

const NAME_COLUMNS = 32;

/** `go_nogo_signed_<release>.txt` */
export function goNoGoText(
  { release, source, at }: ReleaseIdentity,
  conditions: readonly Condition[],
  decision: "GO" | "NO-GO",
  evidenceSha256: string,
  signatures: readonly string[],
): string {
  return lines(
    `Decision    ${decision}`,
    `Release     ${release}`,
    `Commit      ${source.commit ?? "unknown"}`,
    `Evidence    ${evidenceSha256} (the sealed manifest)`,
    `Time        ${at}`,
    "",
    ...conditions.map(
      ({ name, verdict, why }) => `  ${verdict.padEnd(12)}  ${name.padEnd(NAME_COLUMNS)}  ${why}`,
    ),
    "",
    "Signed (approvals/ has the signatures; this text is not signed by itself, the archive's seal is):",
    ...(signatures.length === 0 ? ["  nobody"] : signatures.map((each) => `  ${each}`)),
  );
}
