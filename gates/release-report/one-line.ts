import { mergeVerdicts, type Verdict } from "../../core/index.ts";
import type { RecordedGolden, SnapshotRecord } from "../snapshot/snapshot-record.ts";
import { CANARY_STAGES, type CanaryStage } from "../snapshot/stage.ts";

/** The six standard golden signals, in the order of the deployment index; the enriched two are not counted. */
const STANDARD_SIGNALS = [
  "api_latency_p95",
  "http_errors",
  "feed_staleness",
  "risk_blocks",
  "idempotency_conflicts",
  "csp_violations",
] as const;
type StandardSignal = (typeof STANDARD_SIGNALS)[number];

/** What stands in the place of a number that no evidence has. */
const MISSING = "missing";
const DIGITS = 2;

/** What the line is made of. */
export interface OneLineFacts {
  readonly release: string;
  /** The newest snapshot of each stage; null where none is filed. */
  readonly snapshots: ReadonlyMap<CanaryStage, SnapshotRecord | null>;
  /** How often it was rolled back; null where no evidence says that it was not. */
  readonly rollbacks: number | null;
}

/** A release in one line. */
export interface OneLine {
  readonly text: string;
  readonly verdict: Verdict;
  /** What no evidence says, one line each. */
  readonly missing: readonly string[];
}

/**
 * The release in one line, in the format of the requirement, with the numbers of the stage at 100 %:
 *
 * `v1.4.0 canary: 1%→100% tüm aşamalar 6/6 metrik geçer; rollback=0; p95=~140ms, 5xx=0.3%, ws_stale_p95=11s,
 * risk_block=0.1/min, idemp_conflict=0.2%, csp_viol=baseline+4%.`
 *
 * A number that no evidence has is `missing`, and makes the line inconclusive; a signal over its limit and a
 * rollback make it fail.
 */
export function oneLine({ release, snapshots, rollbacks }: OneLineFacts): OneLine {
  const taken = CANARY_STAGES.map((stage) => snapshots.get(stage) ?? null);
  const commit = taken.findLast((snapshot) => snapshot !== null)?.commit ?? null;
  const ofCommit = new Map(
    CANARY_STAGES.map((stage, index) => [stage, taken[index]?.commit === commit ? taken[index] : null]),
  );
  const golden = (stage: CanaryStage) => ofCommit.get(stage)?.golden ?? null;
  const foreign = taken.flatMap((snapshot) =>
    snapshot === null || snapshot.commit === commit
      ? []
      : [`stage ${snapshot.stage} %: its snapshot is of commit ${snapshot.commit ?? "unknown"}`],
  );
  const stages = CANARY_STAGES.map((stage) => stageStanding(stage, golden(stage)));
  const numbers = numbersOf(golden("100"));
  const missing = [
    ...foreign,
    ...(rollbacks === null ? ["rollback: neither a canary nor a stage at 100 % is filed"] : []),
    ...stages.flatMap((stage) => stage.missing),
    ...numbers.filter(({ text }) => text === MISSING).map(({ name }) => `${name}: no number at 100 %`),
  ];
  const text = `${release} canary: ${stagesText(stages)}; rollback=${rollbacks ?? MISSING}; ${numbers
    .map(({ name, text: number }) => `${name}=${number}`)
    .join(", ")}.`;
  const verdict = mergeVerdicts([
    missing.length === 0 ? "pass" : "inconclusive",
    ...((rollbacks ?? 0) > 0 ? (["fail"] as const) : []),
    ...stages.map(({ isOver }) => (isOver ? "fail" : "pass")),
  ]);
  return { text, verdict, missing };
}

/** How the six signals stand at a stage. */
interface StageStanding {
  readonly stage: CanaryStage;
  /** Null: there is no snapshot. */
  readonly within: number | null;
  readonly isOver: boolean;
  readonly missing: readonly string[];
}

function stageStanding(stage: CanaryStage, golden: RecordedGolden | null): StageStanding {
  if (golden === null) {
    return { stage, within: null, isOver: false, missing: [`stage ${stage} %: no snapshot of the metrics`] };
  }
  const signals = STANDARD_SIGNALS.map((id) => ({
    id,
    found: golden.signals.find((each) => each.id === id),
  }));
  return {
    stage,
    within: signals.filter(({ found }) => found?.standing === "within").length,
    isOver: signals.some(({ found }) => found?.standing === "over"),
    missing: signals
      .filter(({ found }) => found === undefined || found.standing === "unknown")
      .map(({ id, found }) => `stage ${stage} %: ${id}: ${found?.why ?? "not read"}`),
  };
}

function stagesText(stages: readonly StageStanding[]): string {
  const all = STANDARD_SIGNALS.length;
  const open = stages.filter(({ within }) => within !== all);
  if (open.length === 0) return `1%→100% tüm aşamalar ${all}/${all} metrik geçer`;
  const last = stages.findLast(({ within }) => within !== null)?.stage;
  const reached = last === undefined ? MISSING : `1%→${last}%`;
  const details = open.map(({ stage, within }) =>
    within === null ? `${stage}%: ${MISSING}` : `${stage}%: ${within}/${all}`,
  );
  const passed = stages.length - open.length;
  return `${reached} ${passed}/${stages.length} aşama ${all}/${all} metrik geçer (${details.join(", ")})`;
}

function numbersOf(
  golden: RecordedGolden | null,
): readonly { readonly name: string; readonly text: string }[] {
  const numberOf = (id: StandardSignal) => golden?.signals.find((each) => each.id === id)?.value ?? null;
  const number = (name: string, value: number | null, format: (value: number) => string) => ({
    name,
    text: value === null ? MISSING : format(value),
  });
  const baseline = golden?.cspBaselinePerMinute ?? null;
  return [
    number("p95", numberOf("api_latency_p95"), (seconds) => `~${Math.round(seconds * 1_000)}ms`),
    number("5xx", numberOf("http_errors"), percent),
    number("ws_stale_p95", golden?.stalenessSecondsP95 ?? null, (seconds) => `${rounded(seconds)}s`),
    number("risk_block", numberOf("risk_blocks"), (value) => `${rounded(value)}/min`),
    number("idemp_conflict", numberOf("idempotency_conflicts"), percent),
    number("csp_viol", baseline === null ? null : numberOf("csp_violations"), (value) =>
      againstBaseline(value, baseline ?? 0),
    ),
  ];
}

function percent(ratio: number): string {
  return `${rounded(ratio * 100)}%`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}

/** `baseline+4%`; a baseline of 0 has no percentage of it. */
function againstBaseline(value: number, baseline: number): string {
  if (baseline === 0) return value === 0 ? "baseline+0%" : `${rounded(value)}/min (baseline 0)`;
  const change = Math.round((value / baseline - 1) * 100);
  return `baseline${change < 0 ? "-" : "+"}${Math.abs(change)}%`;
}
