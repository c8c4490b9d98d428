import type { Answer, OrderRequest, PlatformApi, Question, QuestionKind } from "../../api/index.ts";
import { askOnce } from "../../api/index.ts";
import type { Clock } from "../../core/index.ts";
import { type Operation, priceOrder, type Quote, readingOf } from "../../load/index.ts";
import type { Plan, Step } from "../plan/plan.ts";

/** As the clients of the load do: after a lost answer the same request with the same key, so often at most. */
const MOST_ATTEMPTS = 3;
const RETRY_PAUSE_MS = 60;
const LONGEST_RETRY_PAUSE_MS = 250;

export interface ProgramContext {
  readonly api: Pick<PlatformApi, "ask" | "questions">;
  readonly symbol: string;
  /** The last price at a venue that clients know of. */
  readonly priceAt: (venue: string) => Quote | undefined;
  readonly clock: Clock;
  /** Milliseconds since the experiment's start. */
  readonly now: () => number;
  /** Called before a step begins, which waits for it. */
  readonly beforeStep: (id: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** An order of the program: what was asked, and what is known of it. */
interface ProgramOrder {
  readonly key: string;
  readonly order: OrderRequest;
  orderId: string | null;
}

/** Plays a program's steps: those of one client one after the other, those of several at the same time. */
export class Program {
  readonly #context: ProgramContext;
  readonly #operations: Operation[] = [];
  readonly #orders = new Map<number, ProgramOrder>();
  readonly #begun = new Map<number, PromiseWithResolvers<void>>();
  readonly #done = new Map<number, PromiseWithResolvers<void>>();
  readonly #attempts = new Map<string, { readonly first: number; count: number }>();
  #ids = 0;

  constructor(context: ProgramContext) {
    this.#context = context;
  }

  /** What clients asked and were answered so far, in the order of answers. */
  get operations(): readonly Operation[] {
    return this.#operations.toSorted((one, other) => one.id - other.id);
  }

  /** Plays all steps to their end. */
  async play({ steps }: Pick<Plan, "steps">): Promise<void> {
    for (const { id } of steps) {
      this.#begun.set(id, Promise.withResolvers());
      this.#done.set(id, Promise.withResolvers());
    }
    const clients = Map.groupBy(steps, ({ client }) => client);
    await Promise.all([...clients.values()].map((each) => this.#playClient(each)));
  }

  /** Sends every order again whose client does not know what became of it. Returns whether all are known now. */
  async askAgain(): Promise<boolean> {
    const unknown = [...this.#orders.values()].filter(({ key }) => !this.#isKnown(key));
    await Promise.all(unknown.map((order) => this.#place(order, 1)));
    return unknown.every(({ key }) => this.#isKnown(key));
  }

  /** Places one more order, and returns whether it was accepted. */
  async place(step: Step): Promise<boolean> {
    await this.#act(step);
    return this.#orders.get(step.id)?.orderId != null;
  }

  #isKnown(key: string): boolean {
    return this.#operations.some(
      ({ idempotencyKey, outcome }) =>
        idempotencyKey === key && (outcome === "succeeded" || outcome === "rejected"),
    );
  }

  async #playClient(steps: readonly Step[]): Promise<void> {
    const { clock, signal, beforeStep } = this.#context;
    for (const step of steps) {
      if (step.pauseMs > 0) await clock.sleep(step.pauseMs, signal);
      await beforeStep(step.id);
      try {
        await this.#act(step);
      } finally {
        this.#begun.get(step.id)?.resolve();
        this.#done.get(step.id)?.resolve();
      }
    }
  }

  async #act({ id, does }: Step): Promise<void> {
    const { symbol, priceAt } = this.#context;
    switch (does.kind) {
      case "place": {
        const order = priceOrder(does.venue, symbol, does, priceAt(does.venue));
        const placed: ProgramOrder = { key: `explored-${id}`, order, orderId: null };
        this.#orders.set(id, placed);
        this.#begun.get(id)?.resolve();
        return this.#place(placed, MOST_ATTEMPTS);
      }
      case "repeat":
      case "conflict": {
        // It need not be answered yet: two requests with one key at the same time are what users send.
        await this.#begun.get(does.of)?.promise;
        const placed = this.#orders.get(does.of);
        if (placed === undefined) return;
        if (does.kind === "repeat") return this.#place(placed, 1);
        return this.#conflict(placed);
      }
      case "query":
      case "cancel": {
        await this.#done.get(does.of)?.promise;
        const placed = this.#orders.get(does.of);
        if (placed === undefined || placed.orderId === null || !this.#offers(does.kind)) return;
        const { key, order, orderId } = placed;
        const asked = { kind: does.kind, placed: { id: orderId, key, order } } as const;
        await this.#ask(asked, { orderId });
        return;
      }
      case "positions":
        if (this.#offers("positions")) await this.#ask({ kind: "positions", account: null }, {});
        return;
      case "quote":
        if (this.#offers("quote")) await this.#ask({ kind: "quote", venue: does.venue, symbol }, {});
    }
  }

  #offers(kind: QuestionKind): boolean {
    return this.#context.api.questions.has(kind);
  }

  async #place(placed: ProgramOrder, attempts: number): Promise<void> {
    const { clock, signal } = this.#context;
    const { key, order } = placed;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const answer = await this.#ask({ kind: "place", order, key, account: null }, { key, order });
      const { orderId, outcome } = readingOf(answer);
      if (outcome === "succeeded" && orderId !== null) placed.orderId ??= orderId;
      if (answer.again.kind === "no") return;
      const pauseMs = Math.min(answer.again.afterMs, LONGEST_RETRY_PAUSE_MS);
      if (attempt < attempts) await clock.sleep(Math.max(RETRY_PAUSE_MS, pauseMs), signal);
    }
  }

  /** Refused by a sound platform, so it is no attempt at the order whose key it has. */
  async #conflict({ key, order }: ProgramOrder): Promise<void> {
    const other = {
      ...order,
      quantity: `${order.quantity.slice(0, -1)}${order.quantity.endsWith("9") ? "8" : "9"}`,
    };
    await this.#ask({ kind: "place", order: other, key, account: null }, { key, order: other });
  }

  async #ask(
    question: Question,
    of: { readonly key?: string; readonly order?: OrderRequest; readonly orderId?: string },
  ): Promise<Answer> {
    const id = ++this.#ids;
    const key = of.key ?? null;
    const attempts = key === null ? { first: id, count: 0 } : this.#attemptsOf(key, id);
    const attempt = ++attempts.count;
    const startedAtMs = this.#context.now();
    const answer = await askOnce(this.#context.api, question);
    const reading = readingOf(answer);
    this.#operations.push({
      ...reading,
      ...{ id, kind: question.kind as Operation["kind"], plannedAtMs: startedAtMs, startedAtMs },
      endedAtMs: this.#context.now(),
      attempt,
      attemptOf: attempt === 1 ? null : attempts.first,
      idempotencyKey: key,
      orderId: of.orderId ?? reading.orderId,
      request: { ...answer.sent, order: of.order ?? null },
    });
    return answer;
  }

  #attemptsOf(key: string, first: number) {
    const known = this.#attempts.get(key) ?? { first, count: 0 };
    this.#attempts.set(key, known);
    return known;
  }
}
