import type { Verdict } from "../../core/index.ts";
import {
  CANARY_SCHEMA,
  type CanaryDecisionRecord,
  type CanaryRecord,
  type CanaryStageRecord,
  type CanaryTriggerRecord,
} from "../../evidence/index.ts";
import type { CanarySetup } from "./canary-setup.ts";
import { plannedStages } from "./canary-texts.ts";
import { CANARY_SIGNALS } from "./judge/canary-signal.ts";
import type { ArmLook, CanaryLook } from "./judge/growth.ts";
import { signalValue } from "./judge/growth-value.ts";
import type { StageVerdicts } from "./judge/stage-state.ts";

type Curve = { readonly stable: (number | null)[]; readonly candidate: (number | null)[] };

/** Collects what happens, and returns it as a record at any time. */
export class CanaryLog {
  readonly #setup: CanarySetup;
  readonly #startedAt: string;
  readonly #stages: CanaryStageRecord[] = [];
  readonly #decisions: CanaryDecisionRecord[] = [];
  readonly #atMs: number[] = [];
  readonly #curves = new Map<string, Curve>(
    CANARY_SIGNALS.map(({ id }) => [id, { stable: [], candidate: [] }]),
  );
  readonly #problems: string[] = [];
  #triggers: readonly CanaryTriggerRecord[] = [];
  #exposedRequests = 0;
  #ending: { readonly verdict: Verdict; readonly lead: string; readonly at: string } | null = null;

  constructor(setup: CanarySetup) {
    this.#setup = setup;
    this.#startedAt = this.#now();
  }

  get exposedRequests(): number {
    return this.#exposedRequests;
  }

  get stages(): readonly CanaryStageRecord[] {
    return this.#stages;
  }

  enterStage(name: string): void {
    this.#stages.push({ name, startedAt: this.#now(), endedAt: null, looks: 0, signals: [], share: null });
  }

  /** Adds a look, judged or not: its requests were answered by the candidate either way. */
  addLook(look: CanaryLook, triggers: readonly CanaryTriggerRecord[]): void {
    const { requests } = look.candidate;
    this.#exposedRequests += requests.kind === "measured" ? requests.value : 0;
    this.#triggers = triggers;
    this.#atMs.push(look.atMs);
    for (const signal of CANARY_SIGNALS) {
      const value = ({ growths }: ArmLook) => {
        const growth = growths[signal.id];
        return growth?.kind === "measured" ? signalValue(signal, growth.value) : null;
      };
      this.#curves.get(signal.id)?.stable.push(value(look.stable));
      this.#curves.get(signal.id)?.candidate.push(value(look.candidate));
    }
  }

  judge({ signals, share }: StageVerdicts): void {
    this.#changeStage((stage) => ({ ...stage, looks: stage.looks + 1, signals, share }));
  }

  leaveStage(): void {
    this.#changeStage((stage) => ({ ...stage, endedAt: stage.endedAt ?? this.#now() }));
  }

  decide(stage: string, kind: CanaryDecisionRecord["kind"], reason: string): void {
    this.#decisions.push({ at: this.#now(), stage, kind, reason });
  }

  addProblem(problem: string): void {
    if (!this.#problems.includes(problem)) this.#problems.push(problem);
  }

  end(verdict: Verdict, lead: string): void {
    this.#ending = { verdict, lead, at: this.#now() };
  }

  /** Until it has ended, a canary is inconclusive: nothing follows from a part of it. */
  record(): CanaryRecord {
    const { release, target, command, timeScale, plan, arms } = this.#setup;
    const ending = this.#ending;
    return {
      ...{ schema: CANARY_SCHEMA, release, target, command, timeScale, startedAt: this.#startedAt },
      falseAlarmRate: plan.falseAlarmRate,
      endedAt: ending?.at ?? null,
      verdict: ending?.verdict ?? "inconclusive",
      lead: ending?.lead ?? "The canary goes on.",
      arms: { stable: arms.stable.description, candidate: arms.candidate.description },
      plan: plannedStages(plan),
      stages: [...this.#stages],
      atMs: [...this.#atMs],
      curves: [...this.#curves].map(([signal, { stable, candidate }]) => ({
        signal,
        stable: [...stable],
        candidate: [...candidate],
      })),
      triggers: this.#triggers,
      decisions: [...this.#decisions],
      exposedRequests: this.#exposedRequests,
      problems: [...this.#problems],
    };
  }

  #now(): string {
    return new Date(this.#setup.clock.nowMs()).toISOString();
  }

  #changeStage(change: (stage: CanaryStageRecord) => CanaryStageRecord): void {
    const stage = this.#stages.pop();
    if (stage !== undefined) this.#stages.push(change(stage));
  }
}
