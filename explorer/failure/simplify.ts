import { orderOf, type Plan, type Step } from "../plan/plan.ts";

/**
 * Simpler experiments than this one, the boldest first: without a part of its steps or faults, then with one client,
 * without pauses, with rounder attributes. Each is smaller by `sizeOf`, so that shrinking ends.
 */
export function simplerThan(plan: Plan): readonly Plan[] {
  return [
    ...withoutFaults(plan),
    ...withoutSteps(plan),
    ...withOneClient(plan),
    ...withoutPauses(plan),
    ...withSimplerFaults(plan),
    ...withSimplerOrders(plan),
  ];
}

/** How large an experiment is: what a person has to read, then how round its numbers are. */
function sizeOf({ steps, faults }: Plan): number {
  const details = [
    ...steps.map(({ client, pauseMs, does }) => Math.min(client, 1) + Math.min(pauseMs, 1) + detailOf(does)),
    ...faults.map(({ afterMs, fault }) => Math.min(afterMs, 1) + numbersIn(fault)),
  ];
  return 1_000 * (steps.length + 2 * faults.length) + details.reduce((sum, each) => sum + each, 0);
}

function detailOf(does: Step["does"]): number {
  return does.kind === "place" ? Number(does.quantity !== 0) + Number(does.distance !== 0) : 0;
}

function numbersIn(fault: object): number {
  const nth = "nth" in fault ? Number(fault.nth) : 0;
  const every = "every" in fault ? Number(fault.every) : 0;
  return Math.min(400, nth + every);
}

function withoutFaults(plan: Plan): readonly Plan[] {
  const { faults } = plan;
  const none = faults.length > 1 ? [{ ...plan, faults: [] }] : [];
  return [...none, ...faults.map((_, at) => ({ ...plan, faults: faults.toSpliced(at, 1) }))];
}

/** Without a half, a quarter and so on down to single steps; the last steps first. */
function withoutSteps(plan: Plan): readonly Plan[] {
  const { steps } = plan;
  const plans: Plan[] = [];
  for (
    let length = Math.ceil(steps.length / 2);
    length >= 1;
    length = length === 1 ? 0 : Math.ceil(length / 2)
  ) {
    for (let end = steps.length; end > 0; end -= length) {
      const without = withoutRange(plan, Math.max(0, end - length), end);
      if (without.steps.length > 0) plans.push(without);
    }
  }
  return plans;
}

/** What is about an order that is not placed any more goes with it; a fault moves to the step after its own. */
function withoutRange(plan: Plan, from: number, to: number): Plan {
  const kept = plan.steps.filter((_, index) => index < from || index >= to);
  const placed = new Set(kept.flatMap(({ id, does }) => (does.kind === "place" ? [id] : [])));
  const steps = kept.filter((step) => {
    const of = orderOf(step);
    return of === null || placed.has(of);
  });
  const last = steps.at(-1)?.id ?? 0;
  const faults = plan.faults.map((fault) => ({
    ...fault,
    step: steps.find(({ id }) => id >= fault.step)?.id ?? last,
  }));
  return { ...plan, steps, faults };
}

function withOneClient(plan: Plan): readonly Plan[] {
  if (plan.steps.every(({ client }) => client === 0)) return [];
  return [{ ...plan, steps: plan.steps.map((step) => ({ ...step, client: 0 })) }];
}

function withoutPauses(plan: Plan): readonly Plan[] {
  const isPlain =
    plan.steps.every(({ pauseMs }) => pauseMs === 0) && plan.faults.every(({ afterMs }) => afterMs === 0);
  if (isPlain) return [];
  const steps = plan.steps.map((step) => ({ ...step, pauseMs: 0 }));
  return [
    { ...plan, steps, faults: plan.faults.map((fault) => ({ ...fault, afterMs: 0 })) },
    { ...plan, steps },
  ].filter((each) => sizeOf(each) < sizeOf(plan));
}

/** The first message instead of the third, each instead of each second. */
function withSimplerFaults(plan: Plan): readonly Plan[] {
  return plan.faults.flatMap((planned, at) =>
    (["nth", "every"] as const).flatMap((name) => {
      const { fault } = planned;
      const value = name in fault ? Number(Reflect.get(fault, name)) : 0;
      if (value <= 1) return [];
      return [1, value - 1].map((simpler) => ({
        ...plan,
        faults: plan.faults.with(at, { ...planned, fault: { ...fault, [name]: simpler } as typeof fault }),
      }));
    }),
  );
}

function withSimplerOrders(plan: Plan): readonly Plan[] {
  const steps = plan.steps.map((step) =>
    step.does.kind === "place" ? { ...step, does: { ...step.does, quantity: 0, distance: 0 } } : step,
  );
  const simpler = { ...plan, steps };
  return sizeOf(simpler) < sizeOf(plan) ? [simpler] : [];
}
