import { z } from "zod";
import { LAB_FAULT_SCHEMA } from "../../harness/index.ts";
import { TRADING_VENUE_NAMES } from "../../venues/index.ts";

const whole = z.int().min(0);
const share = z.number().min(0).max(1);
const venue = z.enum(TRADING_VENUE_NAMES as readonly [string, ...string[]]);

/** What a client does. `of` is the number of the step that placed the order. */
const ACTION_SCHEMA = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("place"),
    venue,
    style: z.enum(["nearTouch", "marketable", "market"]),
    side: z.enum(["buy", "sell"]),
    quantity: share,
    distance: share,
  }),
  /** The same key and the same request once more, as an impatient user or a gateway sends it. */
  z.strictObject({ kind: z.literal("repeat"), of: whole }),
  /** The same key with another quantity, which must be refused. */
  z.strictObject({ kind: z.literal("conflict"), of: whole }),
  z.strictObject({ kind: z.literal("cancel"), of: whole }),
  z.strictObject({ kind: z.literal("query"), of: whole }),
  z.strictObject({ kind: z.literal("positions") }),
  z.strictObject({ kind: z.literal("quote"), venue }),
]);

const STEP_SCHEMA = z.strictObject({
  /** The number of the step: it stays when others are left out. */
  id: whole,
  /** Steps of one client follow each other; those of several overlap. */
  client: whole,
  /** How long the client waits before it, in ms. */
  pauseMs: whole,
  does: ACTION_SCHEMA,
});

const PLANNED_FAULT_SCHEMA = z.strictObject({
  fault: LAB_FAULT_SCHEMA,
  /** The step with which it begins. */
  step: whole,
  /** How long after that step's start it is injected, in ms. 0: before it, and the step waits for it. */
  afterMs: whole,
  /** How long it stays, in ms; never longer than the program. */
  forMs: whole,
});

export const PLAN_SCHEMA = z.strictObject({
  /** Decides the market, and what else the lab draws. */
  seed: z.int(),
  steps: z.array(STEP_SCHEMA).readonly(),
  faults: z.array(PLANNED_FAULT_SCHEMA).readonly(),
});

/** One experiment as data: what clients do, and what is done to the platform meanwhile. */
export type Plan = z.output<typeof PLAN_SCHEMA>;
export type Step = z.output<typeof STEP_SCHEMA>;
export type Action = z.output<typeof ACTION_SCHEMA>;
export type PlannedFault = z.output<typeof PLANNED_FAULT_SCHEMA>;

/** The step whose order this one is about; null for one that is about none. */
export function orderOf({ does }: Step): number | null {
  return "of" in does ? does.of : null;
}
