import { formatDuration, KanitError, type Verdict } from "../../core/index.ts";
import type { CanaryRecord, CanaryTriggerRecord } from "../../evidence/index.ts";
import { CanaryLog } from "./canary-log.ts";
import type { CanarySetup } from "./canary-setup.ts";
import { planLines } from "./canary-texts.ts";
import { fileCanary, tryToFile } from "./file-canary.ts";
import type { CanaryLook } from "./judge/growth.ts";
import { judgeLook, NEW_STAGE, type StageState } from "./judge/stage-state.ts";
import { LookTaker } from "./look-taker.ts";
import type { CanaryStage } from "./plan/canary-plan.ts";
import { describeRollback, type RollbackReason, rollbackCommand } from "./rollback-request.ts";
import { type CanaryDecision, type CanaryPosition, decide } from "./stages/canary-step.ts";

/** So many requests expected and none seen have a probability of one in twenty thousand. */
const SURELY_MISSED = 10;

interface Ending {
  readonly verdict: Verdict;
  readonly lead: string;
}

/**
 * Leads the traffic to the candidate, stage by stage. The only place that acts: it sets shares, waits, rolls back and
 * files. What to do next is decided by `decide`, which is pure.
 *
 * 1. Prints the plan with the samples that each stage needs.
 * 2. For each stage: sets the share, looks at both arms at each interval, judges all that the stage has measured.
 * 3. Does what the decision says: waits, advances, holds, or rolls back.
 * 4. Files the plan, each stage's verdicts, the record and the page, also when it is interrupted.
 */
export async function runCanary(setup: CanarySetup): Promise<CanaryRecord> {
  const { filing, plan, timeScale, onLine, onRecord, traffic } = setup;
  const log = new CanaryLog(setup);
  const lines = planLines(plan, timeScale);
  for (const line of lines) onLine(line);
  await tryToFile(log, () => {
    filing.note("canary.started", { release: setup.release, target: setup.target, traffic: traffic.kind });
    return Promise.resolve();
  });
  const run = new CanaryRun(setup, log);
  const { verdict, lead } = await run.carryOut();
  log.leaveStage();
  log.end(verdict, lead);
  onRecord(log.record());
  await fileCanary(setup, log, lines);
  return log.record();
}

class CanaryRun {
  readonly #setup: CanarySetup;
  readonly #log: CanaryLog;
  readonly #looks: LookTaker;
  readonly #beganMs: number;

  constructor(setup: CanarySetup, log: CanaryLog) {
    this.#setup = setup;
    this.#log = log;
    this.#looks = new LookTaker(setup);
    this.#beganMs = setup.clock.monotonicMs();
  }

  async carryOut(): Promise<Ending> {
    const { plan, signal } = this.#setup;
    let stageName = plan.stages[0]?.name ?? "";
    try {
      await this.#looks.begin();
      for (const [stageIndex, stage] of plan.stages.entries()) {
        stageName = stage.name;
        const decision = await this.#runStage(stage, stageIndex);
        if (decision.kind !== "advance") return await this.#end(stage, decision);
      }
      throw new RangeError("expected the last stage to finish");
    } catch (error) {
      if (signal.aborted) return this.#interrupted(stageName);
      if (!(error instanceof KanitError)) throw error;
      const lead = `The canary broke off at ${stageName} %: ${error.message} ${error.nextStep}`;
      this.#log.decide(stageName, "hold", lead);
      return { verdict: "inconclusive", lead };
    }
  }

  /** Milliseconds of production since the canary began. */
  #nowMs(): number {
    const { clock, timeScale } = this.#setup;
    return (clock.monotonicMs() - this.#beganMs) * timeScale;
  }

  async #runStage(stage: CanaryStage, stageIndex: number): Promise<CanaryDecision> {
    const { traffic, signal, plan, triggers } = this.#setup;
    await traffic.setShare(stage.sharePercent, signal);
    this.#log.enterStage(stage.name);
    this.#tell(
      stage,
      "enter",
      `the candidate gets ${stage.name} % (${traffic.describe(stage.sharePercent)})`,
    );
    let position: CanaryPosition = { stageIndex, enteredAtMs: this.#nowMs(), blindSinceMs: null };
    let state: StageState | null = null;
    for (let looks = 1; ; looks++) {
      await this.#sleepUntil(position.enteredAtMs + looks * plan.lookMs);
      const { look, triggers: states } = await this.#looks.take();
      this.#log.addLook(look, states);
      const { firing, blindTriggers } = watched(states);
      const isSettling = this.#nowMs() - position.enteredAtMs <= plan.settleMs;
      if (isSettling && firing.length === 0) {
        this.#setup.onRecord(this.#log.record());
        continue;
      }
      if (state === null) await triggers.forget();
      const judged: ReturnType<typeof judgeLook> = judgeLook(state ?? NEW_STAGE, look, plan, stage);
      state = judged.state;
      this.#log.judge(judged.verdicts);
      const { restarts } = state;
      const step = decide(plan, position, {
        ...judged.verdicts,
        ...{ atMs: this.#nowMs(), firing, blindTriggers, restarts },
      });
      position = step.position;
      this.#noteLook(stage, step.decision, look.candidate.requests);
      if (step.decision.kind !== "wait") {
        const { kind, reason } = step.decision;
        if (kind === "advance" || kind === "finish") await this.#setup.onStagePassed(stage.name);
        this.#tell(stage, kind, reason);
        this.#log.leaveStage();
        return step.decision;
      }
      this.#setup.onStatus(step.decision.reason);
      this.#setup.onRecord(this.#log.record());
    }
  }

  async #sleepUntil(atMs: number): Promise<void> {
    const { clock, signal, timeScale } = this.#setup;
    signal.throwIfAborted();
    await clock.sleep(Math.max(0, (atMs - this.#nowMs()) / timeScale), signal);
  }

  #noteLook(stage: CanaryStage, { kind, reason }: CanaryDecision, requests: unknown): void {
    this.#setup.filing.note("canary.look", {
      stage: stage.name,
      decision: kind,
      reason,
      candidate: requests,
    });
  }

  #tell(stage: CanaryStage, kind: "enter" | Exclude<CanaryDecision["kind"], "wait">, reason: string): void {
    const { filing, onLine } = this.#setup;
    this.#log.decide(stage.name, kind, reason);
    const data = {
      stage: stage.name,
      share: stage.sharePercent,
      reason,
      requests: this.#log.exposedRequests,
    };
    filing.note(`canary.${kind}`, data);
    onLine(`${stage.name.padStart(3)} %  ${kind}: ${reason}`);
    this.#setup.onRecord(this.#log.record());
  }

  async #end(stage: CanaryStage, { kind, reason, failed }: CanaryDecision): Promise<Ending> {
    const { plan } = this.#setup;
    if (kind === "finish") {
      const rehearsal = plan.rehearsedPart < 1 ? " This was a rehearsal: it releases nothing by itself." : "";
      return {
        verdict: "pass",
        lead: `The candidate has all traffic: ${plan.stages.length} stages passed.${rehearsal}`,
      };
    }
    const verdict = failed.length > 0 ? "fail" : "inconclusive";
    if (kind === "hold") {
      return { verdict, lead: `Held at ${stage.name} %: ${reason}. The candidate keeps its share.` };
    }
    const request: RollbackReason = { stage: stage.name, reason, failed, atMs: this.#setup.clock.nowMs() };
    const how = await this.#rollBack(stage, request);
    return { verdict, lead: `Rolled back from ${stage.name} %: ${reason}. ${how}` };
  }

  async #rollBack(stage: CanaryStage, request: RollbackReason): Promise<string> {
    const { rollBack, onLine, filing, release } = this.#setup;
    if (rollBack === null) return this.#countUntilRolledBack(stage, request);
    const outcome = await rollBack(request);
    const how = describeRollback(outcome);
    filing.note("canary.rolled-back", { stage: stage.name, reason: request.reason, outcome });
    onLine(how);
    if (outcome.kind === "not-recovered") {
      const command = rollbackCommand(release, request);
      this.#log.addProblem(`The rollback did not succeed: ${outcome.why}`);
      onLine(`Roll back now: ${command}`);
      return `By itself: ${how}. It still has to be rolled back: ${command}`;
    }
    return `By itself: ${how}.`;
  }

  /** Prints what to type, and counts who is exposed until the candidate gets no more requests. */
  async #countUntilRolledBack(stage: CanaryStage, request: RollbackReason): Promise<string> {
    const { onLine, plan, signal, release } = this.#setup;
    const command = rollbackCommand(release, request);
    onLine(`Roll back now: ${command}`);
    const beganMs = this.#nowMs();
    const before = this.#log.exposedRequests;
    try {
      for (let looks = 1, missed = 0; missed < SURELY_MISSED; looks++) {
        await this.#sleepUntil(beganMs + looks * plan.lookMs);
        const { look, triggers } = await this.#looks.take();
        this.#log.addLook(look, triggers);
        missed = missedRequests(missed, look, stage);
        const since = formatDuration(Math.round(this.#nowMs() - beganMs));
        onLine(
          `not rolled back for ${since}: ${this.#log.exposedRequests - before} more requests of users. ${command}`,
        );
        this.#setup.onRecord(this.#log.record());
        if (this.#nowMs() - beganMs > stage.longestMs) return `Nobody rolled back in time: ${command}`;
      }
      return `By hand, after ${this.#log.exposedRequests - before} more requests.`;
    } catch (error) {
      if (!signal.aborted) throw error;
      return `It still has to be rolled back: ${command}`;
    }
  }

  #interrupted(stage: string): Ending {
    const { traffic, signal } = this.#setup;
    const why = signal.reason instanceof Error ? signal.reason.message : "Interrupted.";
    this.#log.decide(stage, "interrupted", why);
    return {
      verdict: "inconclusive",
      lead: `${why} The candidate keeps ${stage} %; without it: ${traffic.describe(0)}`,
    };
  }
}

/**
 * Returns how many requests the candidate would have got since its latest one, had its share stayed. A look without a
 * request may be chance.
 */
function missedRequests(
  before: number,
  { stable, candidate }: CanaryLook,
  { sharePercent }: CanaryStage,
): number {
  if (stable.requests.kind === "unknown" || candidate.requests.kind === "unknown") return before;
  return candidate.requests.value > 0 ? 0 : before + (stable.requests.value * sharePercent) / 100;
}

function watched(triggers: readonly CanaryTriggerRecord[]) {
  const named = (wanted: CanaryTriggerRecord["state"]) =>
    triggers.filter(({ state }) => state === wanted).map(({ name }) => name);
  return { firing: named("firing"), blindTriggers: named("no-data") };
}
