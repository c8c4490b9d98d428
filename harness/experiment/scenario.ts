import { z } from "zod";
import { describeMismatch, UsageError } from "../../core/index.ts";
import { VENUE_WEIGHTS_SCHEMA } from "../../load/index.ts";
import { USUAL_ORDER_WEIGHTS } from "../../venues/index.ts";
import { ALL_INVARIANTS } from "../invariants/registry.ts";
import { CONDITION_SCHEMA, OCCURRENCE_SCHEMA } from "./condition.ts";
import { LAB_FAULT_SCHEMA } from "./lab-fault.ts";
import { ORDINARY_CONDITIONS } from "./ordinary-conditions.ts";

const milliseconds = z.int().min(0);
const share = z.number().min(0).max(1);

/** The order flow that scenarios share: enough for percentiles, little enough to leave the machine idle. */
export const ORDINARY_LOAD = { rateRps: 40, venues: USUAL_ORDER_WEIGHTS } as const;

/** The order flow that runs from the first phase to the last. */
const load = z
  .strictObject({
    /** Operations a second, open-loop: planned starts never wait for answers. */
    rateRps: z.number().positive().default(ORDINARY_LOAD.rateRps),
    /** Relative weights of the venues that orders go to. */
    venues: VENUE_WEIGHTS_SCHEMA.readonly().default(ORDINARY_LOAD.venues),
  })
  .readonly();

/** The defaults are 120 operations on each side, and longer than any range of the triggers. */
const timing = z
  .strictObject({
    /** How long the steady state is measured before the faults. */
    steadyBeforeMs: milliseconds.default(3_000),
    /** How long it is measured again after recovery. */
    steadyAfterMs: milliseconds.default(2_500),
  })
  .readonly();

/** A fault on the timeline, which starts with the fault phase. */
const scheduledFault = z
  .strictObject({
    fault: LAB_FAULT_SCHEMA,
    afterMs: milliseconds.default(0),
    forMs: milliseconds,
    /**
     * The most often that the fault may touch a platform that does what the fault asks for: that waits before it
     * connects again, or for as long as `Retry-After` says. Null: any number.
     */
    maxBites: z.int().min(0).nullable().default(null),
  })
  .readonly();

const names = z.array(z.string().min(1)).readonly().default([]);

const expectation = z
  .strictObject({
    /** Triggers that must fire, none of them before the first fault. */
    fires: names,
    /** Triggers that may fire, as a side effect of the fault. All others must stay quiet. */
    mayFire: names,
    /** From the last healing to the steady state. */
    recoversWithinMs: milliseconds,
    /** How long a client may wait for any answer, also while the faults are there. Null: any time. */
    answersWithinMs: milliseconds.nullable().default(null),
    /** The share of orders that are accepted in the end although they began while the faults were there. Null: any. */
    acceptsShare: share.nullable().default(null),
    /** Events without which the experiment proved nothing, whatever else it measured. */
    happens: z.array(OCCURRENCE_SCHEMA).readonly().default([]),
    /** What the platform's own metrics must say besides the triggers, when the load has ended. */
    holds: z.array(CONDITION_SCHEMA).readonly().default(ORDINARY_CONDITIONS),
    invariants: z.array(z.enum(ALL_INVARIANTS)).readonly().default(ALL_INVARIANTS),
    /** Those of them that may find nothing to look at. Any other is inconclusive then. */
    mayBeEmpty: z.array(z.enum(ALL_INVARIANTS)).readonly().default([]),
  })
  .readonly();

const scenario = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: "Expected words in lower case joined by -" }),
    /** What the experiment tries to refute, in one sentence for a reader who does not know the code. */
    hypothesis: z.string().min(1),
    load: load.prefault({}),
    timing: timing.prefault({}),
    faults: z.array(scheduledFault).readonly().default([]),
    expectation,
  })
  .readonly();

/**
 * An experiment as data: what is believed, what is done to the platform, and what must be seen if the belief
 * is right. `run.ts` documents how it is carried out.
 */
export type Scenario = z.output<typeof scenario>;
/** A scenario as a person writes it: what has a default may be left out. */
export type ScenarioInput = z.input<typeof scenario>;
export type Expectation = z.output<typeof expectation>;
export type ScheduledFault = z.output<typeof scheduledFault>;

/**
 * Completes a scenario: defaults are filled in once, and what it cannot mean is refused before anything starts.
 *
 * @throws UsageError `bad-scenario` with the place of each mistake, what was expected there and what came.
 */
export function defineScenario(input: ScenarioInput): Scenario {
  const result = scenario.safeParse(input);
  if (result.success) return result.data;
  throw new UsageError({
    code: "bad-scenario",
    message: `Expected a scenario, got ${titleOf(input)} with ${describeMismatch(result.error, input)}.`,
    nextStep: "docs/add-a-scenario.md says what a scenario consists of.",
  });
}

function titleOf(input: unknown): string {
  const name = typeof input === "object" && input !== null && "name" in input ? input.name : undefined;
  return typeof name === "string" ? JSON.stringify(name.slice(0, 60)) : "one without a name";
}
