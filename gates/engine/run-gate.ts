import { type Clock, formatDuration, KanitError, mergeVerdicts, type Verdict } from "../../core/index.ts";
import { GATE_SCHEMA, type GateCheckRecord, type GateRecord } from "../../evidence/index.ts";
import { type FiledEvidence, type GateFiling, PAGE_NAME } from "./filing.ts";
import type { Gate } from "./gate.ts";
import { type CheckOutcome, runCheck } from "./run-check.ts";
import type { SeenRed } from "./seen-red.ts";
import { summaryText } from "./summary-text.ts";
import type { Commit, Target } from "./target.ts";

/** A wall clock that went this much further or less than the steady one was set meanwhile. */
const CLOCK_JUMP_MS = 2_000;

/** What happens while a gate runs, for a live view. */
export type GateEvent =
  | { readonly kind: "gate.started"; readonly gate: Gate; readonly target: Target }
  | { readonly kind: "check.ended"; readonly outcome: CheckOutcome };

/** What a gate needs besides its target. */
export interface GateRunOptions {
  readonly gate: Gate;
  readonly target: Target;
  readonly commit: Commit | null;
  readonly seenRed: SeenRed;
  readonly filing: GateFiling;
  /** Renders the page that is filed as `index.html`. */
  readonly renderPage: (record: GateRecord) => string;
  readonly command: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onEvent: (event: GateEvent) => void;
  /** Called with the verdict as soon as it is known, before anything can go wrong with the rest of the evidence. */
  readonly onVerdict: (verdict: Verdict) => void;
}

/**
 * Runs all checks of a gate side by side, files what each of them found as soon as it ends, then the summary, the
 * record and the page. An interrupted gate files what it has and is inconclusive; evidence that could not be filed
 * makes a gate inconclusive, and never loses a verdict.
 */
export async function runGate(options: GateRunOptions): Promise<GateRecord> {
  const { gate, target, clock, filing } = options;
  const startedAtMs = clock.nowMs();
  const beganMs = clock.monotonicMs();
  const problems: string[] = [];
  options.onEvent({ kind: "gate.started", gate, target });
  filing.note("gate.started", { gate: gate.name, release: target.release, target: target.name });
  const limit = AbortSignal.any([options.signal, AbortSignal.timeout(gate.limitMs)]);
  const ended = await Promise.all(gate.checks.map((check) => runAndFile(check, limit, options, problems)));
  const checks = ended.map(({ record }) => record);
  const tookMs = clock.monotonicMs() - beganMs;
  const jumpedMs = clock.nowMs() - startedAtMs - tookMs;
  if (options.signal.aborted) problems.push("interrupted: what had ended until then is filed");
  if (Math.abs(jumpedMs) > CLOCK_JUMP_MS) {
    problems.push(
      `the clock of this machine was set by ${formatDuration(Math.abs(jumpedMs))} meanwhile: run it again`,
    );
  }
  const verdictOf = () =>
    mergeVerdicts([
      ...checks.map(({ verdict }) => verdict),
      ...(problems.length > 0 || checks.length === 0 ? (["inconclusive"] as const) : []),
    ]);
  options.onVerdict(verdictOf());
  const record = (): GateRecord => ({
    ...opening(options),
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: new Date(startedAtMs + tookMs).toISOString(),
    tookMs,
    verdict: verdictOf(),
    checks,
    problems: [...problems],
  });
  const details = ended.map(({ detail }) => detail).filter((detail) => detail !== "");
  await fileRecord(record, details, options, problems);
  options.onVerdict(verdictOf());
  return record();
}

function opening({ gate, target, commit, command }: GateRunOptions) {
  return {
    schema: GATE_SCHEMA,
    gate: gate.name,
    title: gate.title,
    question: gate.question,
    release: target.release,
    target: target.name,
    targetKind: target.kind,
    commit: commit?.sha ?? null,
    deployer: target.deployer,
    command,
  } as const;
}

/** A check that ended, and what it has to say in the summary of the gate. */
interface EndedCheck {
  readonly record: GateCheckRecord;
  readonly detail: string;
}

async function runAndFile(
  check: Gate["checks"][number],
  signal: AbortSignal,
  { gate, target, commit, seenRed, clock, filing, onEvent }: GateRunOptions,
  problems: string[],
): Promise<EndedCheck> {
  const wasSeenRed = seenRed.has(check);
  const outcome = await runCheck(check, target, { commit, wasSeenRed, clock, signal });
  onEvent({ kind: "check.ended", outcome });
  const evidence: FiledEvidence[] = [];
  const summaryName = nameIn(gate.summaryFile, target);
  await filed(problems, async () => {
    for (const { name, text } of outcome.files) {
      if (name === summaryName) continue;
      const kind = `gate.${gate.name}.${check.id}`;
      evidence.push(await filing.file({ name, text, kind, command: check.command }));
    }
    filing.note("check.ended", { check: check.id, verdict: outcome.verdict, reasons: outcome.reasons });
  });
  const detail = outcome.files.find(({ name }) => name === summaryName)?.text ?? "";
  return { record: recordOf(outcome, evidence), detail };
}

function recordOf(outcome: CheckOutcome, evidence: readonly FiledEvidence[]): GateCheckRecord {
  const { check, verdict, standing, summary, reasons, tookMs } = outcome;
  const { id, title, question, passes, risk, fix, command } = check;
  return {
    ...{ id, title, question, verdict, standing, summary, reasons, passes, risk, fix, command, tookMs },
    evidence: evidence.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })),
  };
}

async function fileRecord(
  record: () => GateRecord,
  details: readonly string[],
  { gate, target, filing, renderPage, command }: GateRunOptions,
  problems: string[],
): Promise<void> {
  const kind = `gate.${gate.name}`;
  await filed(problems, async () => {
    const name = nameIn(gate.summaryFile, target);
    await filing.file({ name, text: summaryText(record(), details), kind: `${kind}.summary`, command });
    const json = `${JSON.stringify(record(), null, 2)}\n`;
    await filing.file({ name: `gate_${gate.name}.json`, text: json, kind: `${kind}.record`, command });
    await filing.file({ name: PAGE_NAME, text: renderPage(record()), kind: `${kind}.page`, command });
  });
  await filed(problems, () => filing.end({ verdict: record().verdict, problems: [...problems] }));
}

function nameIn(template: string, { release }: Target): string {
  return template.replaceAll("{release}", release);
}

/** Evidence that cannot be written is a problem of the gate, told once, and not an end without a verdict. */
async function filed(problems: string[], write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof KanitError)) throw error;
    const problem = `${error.message} ${error.nextStep}`;
    if (!problems.some((each) => each.startsWith("Expected"))) problems.push(problem);
  }
}
