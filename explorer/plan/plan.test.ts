import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../core/index.ts";
import { readPlatformDefinition, SPARK_DEFINITION } from "../../definition/index.ts";
import { subjectOf } from "../experiment/subject.ts";
import { drawLimits, drawPlan } from "./draw-plan.ts";
import { FAULT_MENU } from "./fault-menu.ts";
import { PlanSource } from "./novelty.ts";
import { orderOf, PLAN_SCHEMA } from "./plan.ts";
import { drawSwarm } from "./swarm.ts";

const subject = subjectOf(await readPlatformDefinition(SPARK_DEFINITION));
const limits = drawLimits(subject, { links: null, hasKanitEngine: true });
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe("a drawn experiment", () => {
  it("is the same for the same seed, and can be written to a file and read again", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const plan = drawPlan(seed, limits);
        expect(drawPlan(seed, limits)).toEqual(plan);
        expect(PLAN_SCHEMA.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
      }),
    );
  });

  it("is about orders that an earlier step placed, and begins its faults with its steps", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const { steps, faults } = drawPlan(seed, limits);
        for (const step of steps) {
          const of = orderOf(step);
          if (of !== null) expect(steps.find(({ id }) => id === of)?.does.kind).toBe("place");
          expect(of ?? -1).toBeLessThan(step.id);
        }
        for (const { step } of faults) expect(steps.map(({ id }) => id)).toContain(step);
      }),
    );
  });

  it("holds no message up for longer than the platform outlasts", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        for (const { fault, forMs } of drawPlan(seed, limits).faults) {
          if ("delayMs" in fault) expect(fault.delayMs).toBeLessThanOrEqual(subject.holdMs);
          if (fault.kind === "pause" || fault.kind === "freeze")
            expect(forMs).toBeLessThanOrEqual(subject.holdMs);
        }
      }),
    );
  });

  it("has faults on the chosen links only", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const { faults } = drawPlan(seed, { ...limits, links: ["pgbouncer"] });
        expect(faults.filter(({ fault }) => fault.link !== "pgbouncer")).toEqual([]);
      }),
    );
  });
});

describe("an exploration's experiments", () => {
  const drawn = (seed: number) => {
    const source = new PlanSource(seed, limits);
    return Array.from({ length: 60 }, () => source.next().plan);
  };

  it("are the same for the same seed, and others for another", () => {
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  it("use every class of faults and every kind of step", () => {
    const plans = Array.from({ length: 10 }, (_, seed) => drawn(seed)).flat();
    const kinds = new Set(plans.flatMap(({ faults }) => faults.map(({ fault }) => fault.kind)));
    const possible = FAULT_MENU.map(
      ({ draw }) =>
        draw({ random: seededRandom(1), venues: limits.venues, holdMs: 300, orders: 2 }).fault.kind,
    );
    expect([...kinds]).toEqual(expect.arrayContaining(possible));
    const actions = new Set(plans.flatMap(({ steps }) => steps.map(({ does }) => does.kind)));
    expect([...actions].toSorted()).toEqual([
      "cancel",
      "conflict",
      "place",
      "positions",
      "query",
      "quote",
      "repeat",
    ]);
  });
});

describe("a swarm", () => {
  it("switches about half of the classes of faults off, and never all", () => {
    const sizes = Array.from({ length: 400 }, (_, seed) => drawSwarm(seededRandom(seed), FAULT_MENU).length);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect(mean / FAULT_MENU.length).toBeCloseTo(0.5, 1);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });
});
