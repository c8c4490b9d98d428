import { z } from "zod";
import { describeMistakes, parseData, UsageError } from "../../core/index.ts";
import { CLIENT_MODES } from "../../lab/index.ts";
import { VENUE_WEIGHTS_SCHEMA } from "../../load/index.ts";
import { CONDITION_SCHEMA, OCCURRENCE_SCHEMA } from "../../signals/index.ts";
import { USUAL_ORDER_WEIGHTS } from "../../venues/index.ts";
import { ALL_INVARIANTS } from "../invariants/registry.ts";
import { LAB_FAULT_SCHEMA } from "./lab-fault.ts";
import { ORDINARY_CONDITIONS } from "./ordinary-conditions.ts";

const milliseconds = z.int().min(0);
/** In a shorter time a fault is not yet fully in effect. A smaller number was probably meant in seconds. */
const faultTime = z.int().min(100);
const share = z.number().min(0).max(1);

/** The order flow that scenarios share: enough for percentiles, little enough to leave the machine idle. */
export const ORDINARY_LOAD = { rateRps: 40, venues: USUAL_ORDER_WEIGHTS } as const;

export const LOAD_SCHEMA = z
  .strictObject({
    rateRps: z
      .number()
      .positive()
      .default(ORDINARY_LOAD.rateRps)
      .describe("Operations per second, open-loop: planned starts never wait for answers."),
    venues: VENUE_WEIGHTS_SCHEMA.readonly()
      .default(ORDINARY_LOAD.venues)
      .describe("Relative weights of the venues to which orders are sent."),
  })
  .readonly()
  .describe("The order flow that runs from the first phase to the last.");

/**
 * The defaults give 120 operations before and after the faults, and are longer than any range of the
 * triggers.
 */
export const TIMING_SCHEMA = z
  .strictObject({
    steadyBeforeMs: milliseconds
      .default(3_000)
      .describe("How long the steady state is measured before the faults."),
    steadyAfterMs: milliseconds.default(2_500).describe("How long it is measured again after recovery."),
  })
  .readonly()
  .describe("How long the steady state is measured, in ms.");

export const SCHEDULED_FAULT_SCHEMA = z
  .strictObject({
    fault: LAB_FAULT_SCHEMA,
    afterMs: milliseconds.default(0).describe("When it is injected, in ms since the fault phase began."),
    forMs: faultTime.describe("How long it stays, in ms."),
    maxBites: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        "How often, at most, the fault may affect a platform that obeys it: one that waits before it " +
          "reconnects, or for as long as Retry-After says. Null: any number.",
      ),
  })
  .readonly()
  .describe("A fault on the timeline, which starts with the fault phase.");

const MOST_PERCENT = 100;

const CANARY_SCHEMA = z
  .strictObject({
    defects: z
      .array(z.string().min(1))
      .readonly()
      .default([])
      .describe("Defects planted in the candidate. None: it is the same as the stable platform."),
    sharePercent: z
      .number()
      .min(0)
      .max(MOST_PERCENT)
      .describe("The part of the requests that HAProxy leads to the candidate, in percent."),
    clients: z
      .enum(CLIENT_MODES)
      .default("spread")
      .describe("Whether each request is divided by the share, or clients stay at an arm."),
  })
  .readonly()
  .describe("A candidate beside the platform, with HAProxy before both. Only in the runtime `local`.");

const triggers = z.array(z.string().min(1)).readonly().default([]);
const invariant = z.enum(ALL_INVARIANTS);

export const EXPECTATION_SCHEMA = z
  .strictObject({
    fires: triggers.describe("Triggers that must fire, none of them before the first fault."),
    firesAboveMsP95: milliseconds
      .nullable()
      .default(null)
      .describe(
        "The triggers in `fires` must fire only if clients saw a P95 above this throughout the faults, in ms: the same " +
          "fault slows one platform less than another. Else they are not applicable. Null: they must fire in any case.",
      ),
    mayFire: triggers.describe(
      "Triggers that may fire, as a side effect of the fault. All others must stay quiet.",
    ),
    recoversWithinMs: milliseconds.describe("From the last healing to the steady state, in ms."),
    answersWithinMs: milliseconds
      .nullable()
      .default(null)
      .describe("How long a client may wait for any answer, also during the faults, in ms. Null: any time."),
    acceptsShare: share
      .nullable()
      .default(null)
      .describe(
        "The share of the orders begun during the faults that must be accepted in the end. Null: any.",
      ),
    happens: z
      .array(OCCURRENCE_SCHEMA)
      .readonly()
      .default([])
      .describe("Events that must happen, because without them the experiment proves nothing."),
    holds: z
      .array(CONDITION_SCHEMA)
      .readonly()
      .default(ORDINARY_CONDITIONS)
      .describe("Conditions on the platform's own metrics, besides the triggers, when the load has ended."),
    invariants: z
      .array(invariant)
      .readonly()
      .default(ALL_INVARIANTS)
      .describe("The invariants that must hold throughout, by name. Default: all of them."),
    mayBeEmpty: z
      .array(invariant)
      .readonly()
      .default([])
      .describe("The invariants that may find nothing to check. Any other is inconclusive then."),
  })
  .readonly()
  .describe("What must be observed if the hypothesis is right.");

const words = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const name = z.string().regex(words, { error: "Expected words in lower case joined by -" });

export const SCENARIO_SCHEMA = z
  .strictObject({
    name: name.describe("The name that `kanit run` takes."),
    hypothesis: z
      .string()
      .min(1)
      .describe(
        "What the experiment tries to refute, in one sentence for a reader who does not know the code.",
      ),
    tags: z
      .array(name)
      .readonly()
      .default([])
      .describe("Tags by which scenarios are selected: `kanit run --tag`."),
    load: LOAD_SCHEMA.prefault({}),
    timing: TIMING_SCHEMA.prefault({}),
    canary: CANARY_SCHEMA.nullable().default(null),
    faults: z.array(SCHEDULED_FAULT_SCHEMA).readonly().default([]),
    expectation: EXPECTATION_SCHEMA,
  })
  .readonly();

/**
 * An experiment as data: the hypothesis, what is done to the platform, and what must be observed if the
 * hypothesis is right. `run.ts` documents how it is carried out.
 */
export type Scenario = z.output<typeof SCENARIO_SCHEMA>;
/** A scenario as a user writes it: fields with a default are optional. */
export type ScenarioInput = z.input<typeof SCENARIO_SCHEMA>;
export type Expectation = z.output<typeof EXPECTATION_SCHEMA>;
/** The candidate of a scenario. */
export type ScenarioCanary = z.output<typeof CANARY_SCHEMA>;
export type ScheduledFault = z.output<typeof SCHEDULED_FAULT_SCHEMA>;

/**
 * Declares a scenario, so that the compiler and editors know what it may consist of. It returns what it is given: the
 * scenario is completed and checked, with everything that is wrong with it, by whoever runs it.
 */
export function defineScenario(input: ScenarioInput): ScenarioInput {
  return input;
}

/**
 * Completes a scenario: adds defaults, and refuses invalid values before anything starts.
 *
 * @throws UsageError `bad-scenario` with the place of each mistake, what was expected there and what was
 *   found.
 */
export function completeScenario(input: ScenarioInput): Scenario {
  const parsed = parseData(SCENARIO_SCHEMA, input);
  if (parsed.kind === "fits") return parsed.value;
  throw new UsageError({
    code: "bad-scenario",
    message: `Expected a scenario, got ${titleOf(input)} with ${describeMistakes(parsed.mistakes)}`,
    nextStep: "docs/add-a-scenario.md says what a scenario consists of.",
  });
}

function titleOf(input: unknown): string {
  const name = typeof input === "object" && input !== null && "name" in input ? input.name : undefined;
  return typeof name === "string" ? JSON.stringify(name.slice(0, 60)) : "one without a name";
}
