import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPlatformDefinition, SPARK_DEFINITION } from "../../definition/index.ts";
import { subjectOf } from "../experiment/subject.ts";
import { drawLimits, drawPlan } from "../plan/draw-plan.ts";
import { orderOf, PLAN_SCHEMA, type Plan } from "../plan/plan.ts";
import { acceptanceFor, describeRate } from "./rate.ts";
import { shrink } from "./shrink.ts";
import { simplerThan } from "./simplify.ts";

const subject = subjectOf(await readPlatformDefinition(SPARK_DEFINITION));
const limits = drawLimits(subject, { links: null, hasKanitEngine: true });
const anyPlan = fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((seed) => drawPlan(seed, limits));

/** An experiment that fails while it cancels an order and loses an answer. */
const needsCancelAndLoss = ({ steps, faults }: Plan) =>
  steps.some(({ does }) => does.kind === "cancel") &&
  faults.some(({ fault }) => fault.kind === "http-reply-lost");

const shrinking = (plan: Plan, fails: (plan: Plan) => boolean, limit = 1_000) => {
  let runs = 0;
  const kept: Plan[] = [];
  const result = shrink(plan, {
    fails: async (each) => {
      runs += 1;
      return fails(each);
    },
    rate: { hits: 4, runs: 4 },
    isOver: () => runs >= limit,
    onSmaller: async (each) => {
      kept.push(each);
    },
  });
  return result.then((shrunk) => ({ ...shrunk, kept }));
};

describe("shrinking", () => {
  it("leaves what a failure needs, and nothing else", async () => {
    const plan = Array.from({ length: 3_000 }, (_, seed) => drawPlan(seed, limits)).find(
      (each) => needsCancelAndLoss(each) && each.steps.length > 8 && each.faults.length > 2,
    );
    if (plan === undefined) throw new TypeError("Expected a plan that fails.");
    const shrunk = await shrinking(plan, needsCancelAndLoss);
    expect(shrunk.isMinimal).toBe(true);
    expect(shrunk.plan.steps.map(({ does }) => does.kind)).toEqual(["place", "cancel"]);
    expect(shrunk.plan.faults.map(({ fault }) => fault.kind)).toEqual(["http-reply-lost"]);
    expect(shrunk.plan.steps.every(({ client, pauseMs }) => client === 0 && pauseMs === 0)).toBe(true);
  });

  it("ends when its time is over, with the best so far", async () => {
    const plan = drawPlan(7, limits);
    const shrunk = await shrinking(plan, () => true, 3);
    expect(shrunk).toMatchObject({ isMinimal: false });
    expect(shrunk.kept.at(-1)).toEqual(shrunk.plan);
  });

  it("does not take an experiment that fails much more rarely", async () => {
    const plan = drawPlan(7, limits);
    const shrunk = await shrinking(plan, () => false);
    expect(shrunk).toMatchObject({ plan, isMinimal: true, kept: [] });
  });

  it("makes only experiments that can be carried out", () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        for (const simpler of simplerThan(plan)) {
          expect(PLAN_SCHEMA.safeParse(simpler).success).toBe(true);
          const ids = simpler.steps.map(({ id }) => id);
          for (const step of simpler.steps) expect([null, ...ids]).toContain(orderOf(step));
          for (const { step } of simpler.faults) expect(ids).toContain(step);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("a failure's rate", () => {
  it("is told with its interval", () => {
    expect(describeRate({ hits: 4, runs: 4 })).toBe("4 of 4 runs (51 to 100 %)");
    expect(describeRate({ hits: 1, runs: 4 })).toBe("1 of 4 runs (5 to 70 %)");
  });

  it("decides how often a smaller experiment must fail", () => {
    expect(acceptanceFor({ hits: 4, runs: 4 })).toEqual({ runs: 2, hits: 1 });
    expect(acceptanceFor({ hits: 1, runs: 4 })).toEqual({ runs: 6, hits: 1 });
  });
});
