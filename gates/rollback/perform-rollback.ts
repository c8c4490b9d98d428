import { type Clock, KanitError, mergeVerdicts, type Verdict } from "../../core/index.ts";
import type { GateFiling } from "../engine/filing.ts";
import { awaitUsers, readKnown } from "./await-users.ts";
import { fileRollback } from "./file-rollback.ts";
import { judgeRollback } from "./judge-rollback.ts";
import type { RollbackEntry, RollbackRequest } from "./rollback-entry.ts";
import type { RollbackJournal } from "./rollback-journal.ts";
import type { RollbackState } from "./rollback-state.ts";
import type { RollbackMeans, RollbackStep } from "./rollback-step.ts";

/** Users are well again within this time, counted from the request. */
export const ROLLBACK_LIMIT_MS = 300_000;
/** A rollback that is resumed after its limit still has to find out how users are. */
const LATE_READING_MS = 30_000;
/** For finding out whether an earlier rollback is still in effect. */
const FIRST_READING_MS = 5_000;
/** A rollback that was killed this long ago is not resumed. */
const FORGOTTEN_MS = 1_800_000;
const MOST_TRIES = 3;
const TRY_PAUSE_MS = 1_000;

/** What a rollback needs besides its means. */
export interface RollbackOptions {
  readonly release: string;
  readonly request: RollbackRequest;
  readonly means: RollbackMeans;
  /** Claimed by the caller, and released here. */
  readonly journal: RollbackJournal;
  /** Whether all steps are taken although the last rollback is still in effect. */
  readonly isAgain: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called with each line of the journal once it is written. */
  readonly onEntry: (entry: RollbackEntry) => void;
  /** Called with the verdict as soon as it is known. */
  readonly onVerdict: (verdict: Verdict) => void;
  /** Opens the place for the evidence. */
  readonly openFiling: () => Promise<GateFiling>;
}

/** How a rollback came out. */
export interface RollbackResult {
  /** `already-done`: an earlier one is still in effect, and nothing was changed. */
  readonly kind: "performed" | "resumed" | "already-done";
  readonly state: RollbackState;
  readonly verdict: Verdict;
  /** What could not be filed, one line each. */
  readonly problems: readonly string[];
}

/**
 * Rolls back, or continues one that was killed: traffic, kill switch, previous version, and then the wait until users
 * are well. Each step is in the journal before it begins and after it is done, so that whoever continues knows where it
 * was; the clock runs from the first request. A step that fails does not keep the next ones from being taken.
 *
 * @throws RefusedError `rollback-taken-over`; UnavailableError when the journal cannot be written; the signal's reason.
 */
export async function performRollback(options: RollbackOptions): Promise<RollbackResult> {
  const { journal } = options;
  try {
    return await perform(options);
  } finally {
    // A journal that others hold by now, or that cannot be written, is not ours to release.
    await journal.release().catch((error: unknown) => {
      if (!(error instanceof KanitError)) throw error;
    });
  }
}

async function perform(options: RollbackOptions): Promise<RollbackResult> {
  const { journal, request, means } = options;
  await closeForgotten(options);
  const earlier = journal.state;
  if (earlier !== null && earlier.ending !== null) {
    // Killed before its evidence was filed, or the disk was full then.
    const problems = earlier.folder === null ? await fileAll(options) : [];
    if (await isStillInEffect(earlier, options)) return conclude("already-done", problems, options);
  }
  const isResumed = earlier !== null && earlier.ending === null;
  if (!isResumed) await note(options, { kind: "rollback.requested", data: request });
  for (const step of means.steps) await takeStep(step, options);
  // The version before may be what a step before it was waiting for.
  for (const step of means.steps) await takeStep(step, options);
  await findUsersWell(options);
  options.onVerdict(endingOf(journal).verdict);
  return conclude(isResumed ? "resumed" : "performed", await fileAll(options), options);
}

function conclude(
  kind: RollbackResult["kind"],
  problems: readonly string[],
  { journal, onVerdict }: RollbackOptions,
): RollbackResult {
  const { verdict } = endingOf(journal);
  const filed = problems.length === 0 ? verdict : mergeVerdicts([verdict, "inconclusive"]);
  onVerdict(filed);
  return { kind, state: stateOf(journal), verdict: filed, problems };
}

/** A rollback that nobody continued for long is over: what it did then may have been undone since. */
async function closeForgotten(options: RollbackOptions): Promise<void> {
  const { journal, request } = options;
  const { state } = journal;
  if (state === null || state.ending !== null || request.atMs - state.request.atMs < FORGOTTEN_MS) return;
  const reasons = ["it was killed, and nobody continued it within half an hour"];
  await note(options, { kind: "rollback.ended", data: { verdict: "inconclusive", wellAtMs: null, reasons } });
}

/** Whether the last rollback passed, and everything that can be asked is still so. */
async function isStillInEffect(earlier: RollbackState, options: RollbackOptions): Promise<boolean> {
  const { means, clock, signal, isAgain } = options;
  if (isAgain || earlier.ending?.verdict !== "pass") return false;
  if (earlier.request.target !== means.target) return false;
  try {
    const askable = means.steps.flatMap(({ isInEffect }) => (isInEffect === null ? [] : [isInEffect]));
    const effects = await Promise.all(askable.map((isInEffect) => isInEffect(signal)));
    const users = await readKnown(means.users, FIRST_READING_MS, { clock, signal });
    return effects.every(Boolean) && users.standing === "well";
  } catch (error) {
    signal.throwIfAborted();
    // What does not answer is no proof: rolling back once more does no harm.
    if (error instanceof Error) return false;
    throw error;
  }
}

async function takeStep(step: RollbackStep, options: RollbackOptions): Promise<void> {
  const { journal, clock, signal } = options;
  const { name } = step;
  if (stateOf(journal).steps.get(name)?.standing === "done") return;
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    await note(options, { kind: "step.begun", data: { step: name } });
    const tried = await tryStep(step, stateOf(journal).request, signal);
    signal.throwIfAborted();
    if (tried.isDone) {
      await note(options, { kind: "step.done", data: { step: name, what: tried.what } });
      return;
    }
    await note(options, { kind: "step.failed", data: { step: name, why: tried.what } });
    if (tries < MOST_TRIES) await clock.sleep(TRY_PAUSE_MS, signal);
  }
}

async function tryStep(
  { take, limitMs }: RollbackStep,
  request: RollbackRequest,
  signal: AbortSignal,
): Promise<{ readonly isDone: boolean; readonly what: string }> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  try {
    return { isDone: true, what: await take(request, limit) };
  } catch (error) {
    if (limit.aborted) return { isDone: false, what: `it was not done within ${limitMs / 1_000} s` };
    return { isDone: false, what: error instanceof Error ? error.message : String(error) };
  }
}

async function findUsersWell(options: RollbackOptions): Promise<void> {
  const { journal, means, clock, signal } = options;
  const { request } = stateOf(journal);
  const beganMs = clock.nowMs();
  const beganSteadyMs = clock.monotonicMs();
  const limitAtMs = Math.max(request.atMs + ROLLBACK_LIMIT_MS, beganMs + LATE_READING_MS);
  const users = await awaitUsers(means.users, limitAtMs, { clock, signal }, ({ standing, lines }) =>
    note(options, { kind: "users.read", data: { standing, lines: [...lines] } }),
  );
  const ending = judgeRollback({
    state: stateOf(journal),
    steps: means.steps.map(({ name }) => name),
    users,
    limitMs: ROLLBACK_LIMIT_MS,
    jumpedMs: clock.nowMs() - beganMs - (clock.monotonicMs() - beganSteadyMs),
  });
  await note(options, { kind: "rollback.ended", data: ending });
}

/** Evidence that cannot be written is a problem, and never an end without a verdict. */
async function fileAll(options: RollbackOptions): Promise<readonly string[]> {
  const { journal, release, means } = options;
  try {
    const filing = await options.openFiling();
    await fileRollback(filing, { release, entries: journal.entries, state: stateOf(journal), means });
    await note(options, { kind: "rollback.filed", data: { folder: filing.folder } });
    return [];
  } catch (error) {
    if (!(error instanceof KanitError) || error.code === "rollback-taken-over") throw error;
    return [`${error.message} ${error.nextStep}`];
  }
}

async function note({ journal, onEntry }: RollbackOptions, entry: RollbackEntry): Promise<void> {
  await journal.note(entry);
  onEntry(entry);
}

function stateOf(journal: RollbackJournal): RollbackState {
  const { state } = journal;
  if (state === null) throw new TypeError("Expected a rollback that was asked for.");
  return state;
}

function endingOf(journal: RollbackJournal) {
  const { ending } = stateOf(journal);
  if (ending === null) throw new TypeError("Expected a rollback that has ended.");
  return ending;
}
