import { type DrawLimits, drawPlan, seedOf } from "./draw-plan.ts";
import type { Plan } from "./plan.ts";

/** So many experiments are drawn for each that is run. */
const CANDIDATES = 4;

/** What an experiment combines, as far as its plan says: each kind of step with each fault, each pair of faults. */
function combinationsOf({ steps, faults }: Plan): ReadonlySet<string> {
  const kinds = new Set(
    steps.map(({ does }) => ("venue" in does ? `${does.kind} ${does.venue}` : does.kind)),
  );
  const places = faults.map(({ fault }) => {
    const detail =
      "misbehavior" in fault ? ` ${fault.misbehavior}` : "method" in fault ? ` ${fault.method}` : "";
    return `${fault.kind}${detail} ${fault.link}`;
  });
  const pairs = places.flatMap((one) =>
    places.filter((other) => one < other).map((other) => `${one} + ${other}`),
  );
  return new Set([...places.flatMap((place) => [...kinds].map((kind) => `${kind} × ${place}`)), ...pairs]);
}

/**
 * Draws experiments one after the other. Of four candidates the one that combines most of what no earlier one did is
 * taken, so that what is known is not repeated. Only seed and number decide: the same seed draws the same experiments.
 */
export class PlanSource {
  readonly #seed: number;
  readonly #limits: DrawLimits;
  readonly #known = new Set<string>();
  #number = 0;

  constructor(seed: number, limits: DrawLimits) {
    this.#seed = seed;
    this.#limits = limits;
  }

  /** How many combinations have been drawn so far. */
  get combinations(): number {
    return this.#known.size;
  }

  next(): { readonly number: number; readonly plan: Plan } {
    const number = ++this.#number;
    const drawn = Array.from({ length: CANDIDATES }, (_, at) =>
      drawPlan(seedOf(this.#seed, number * CANDIDATES + at), this.#limits),
    );
    const news = drawn.map(
      (plan) => [...combinationsOf(plan)].filter((each) => !this.#known.has(each)).length,
    );
    // The first one is as good as any where none has anything new, and then they stay as they are drawn.
    const best = drawn[news.indexOf(Math.max(...news))] ?? drawPlan(seedOf(this.#seed, number), this.#limits);
    for (const each of combinationsOf(best)) this.#known.add(each);
    return { number, plan: best };
  }
}
