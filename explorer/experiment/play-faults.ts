import type { ActiveFault, Fault } from "../../chaos/index.ts";
import type { Clock } from "../../core/index.ts";
import type { FaultRecord } from "../../evidence/index.ts";
import type { PlannedFault } from "../plan/plan.ts";

export interface FaultsContext {
  readonly inject: (fault: Fault) => Promise<ActiveFault>;
  readonly clock: Clock;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

interface Injected {
  readonly active: ActiveFault;
  readonly injectedAtMs: number;
  healedAtMs: number | null;
}

/** Carries out a schedule of faults beside a program: each begins with its step. */
export class PlayedFaults {
  readonly #planned: readonly PlannedFault[];
  readonly #context: FaultsContext;
  readonly #injected: Injected[] = [];
  readonly #plays: Promise<void>[] = [];
  readonly #over = new AbortController();

  constructor(planned: readonly PlannedFault[], context: FaultsContext) {
    this.#planned = planned;
    this.#context = context;
  }

  /** To be awaited before a step begins: what is to be there with it, is there then. */
  async beforeStep(id: number): Promise<void> {
    const due = this.#planned.filter(({ step }) => step === id);
    await Promise.all(due.filter(({ afterMs }) => afterMs === 0).map((each) => this.#begin(each)));
    for (const each of due) if (each.afterMs > 0) this.#follow(this.#beginLater(each));
  }

  /** Heals all that is left, when the program is over. */
  async healAll(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#plays);
    await Promise.all(this.#injected.map((each) => this.#heal(each)));
  }

  /** What was injected and what it affected. */
  records(): Promise<readonly FaultRecord[]> {
    return Promise.all(
      this.#injected.map(async ({ active, injectedAtMs, healedAtMs }) => {
        const { kind, link } = active.fault;
        return { label: active.label, kind, link, injectedAtMs, healedAtMs, bite: await active.bite() };
      }),
    );
  }

  #follow(play: Promise<void>): void {
    // A failure is reported when all are healed; until then it must not count as unhandled.
    play.catch(() => undefined);
    this.#plays.push(play);
  }

  async #beginLater(planned: PlannedFault): Promise<void> {
    await this.#pause(planned.afterMs);
    if (!this.#over.signal.aborted) await this.#begin(planned);
  }

  async #begin({ fault, forMs }: PlannedFault): Promise<void> {
    const { inject, now } = this.#context;
    const active = await inject(fault);
    const injected: Injected = { active, injectedAtMs: now(), healedAtMs: null };
    this.#injected.push(injected);
    this.#follow(this.#pause(forMs).then(() => this.#heal(injected)));
  }

  /** Ends early when the program is over. */
  async #pause(durationMs: number): Promise<void> {
    const { clock, signal } = this.#context;
    const either = AbortSignal.any([signal, this.#over.signal]);
    await clock.sleep(durationMs, either).catch(() => signal.throwIfAborted());
  }

  async #heal(injected: Injected): Promise<void> {
    await injected.active.heal();
    injected.healedAtMs ??= this.#context.now();
  }
}
