import type { z } from "zod";
import { type DataPath, valueAt } from "../../core/index.ts";
import { CONDITION_SCHEMA, OCCURRENCE_SCHEMA } from "../../signals/index.ts";
import {
  EXPECTATION_SCHEMA,
  LOAD_SCHEMA,
  SCHEDULED_FAULT_SCHEMA,
  TIMING_SCHEMA,
} from "../experiment/scenario.ts";

/** A part of a scenario, and its place in the data. */
export interface Placed<Value> {
  readonly path: DataPath;
  readonly value: Value;
}

type Expected =
  typeof EXPECTATION_SCHEMA extends z.ZodReadonly<infer Inner extends z.ZodObject> ? Inner["shape"] : never;

/** The parts of a scenario that are valid by themselves, whatever is wrong with others. */
export interface ScenarioReading {
  /** Null: it is invalid. */
  readonly load: z.output<typeof LOAD_SCHEMA> | null;
  readonly timing: z.output<typeof TIMING_SCHEMA> | null;
  readonly faults: readonly Placed<z.output<typeof SCHEDULED_FAULT_SCHEMA>>[];
  /** Whether it has no fault, not even an invalid one. */
  readonly isFaultless: boolean;
  /** Whether all its faults are valid by themselves. */
  readonly isComplete: boolean;
  readonly firesAboveMsP95: Placed<number> | null;
  readonly fires: readonly Placed<string>[];
  readonly mayFire: readonly Placed<string>[];
  readonly happens: readonly Placed<z.output<typeof OCCURRENCE_SCHEMA>>[];
  readonly holds: readonly Placed<z.output<typeof CONDITION_SCHEMA>>[];
  readonly invariants: readonly Placed<string>[];
  readonly mayBeEmpty: readonly Placed<string>[];
  /** Null when it is invalid, absent, or null. */
  readonly recoversWithinMs: Placed<number> | null;
  readonly answersWithinMs: Placed<number> | null;
  readonly acceptsShare: Placed<number> | null;
}

type NumberKey = "recoversWithinMs" | "answersWithinMs" | "acceptsShare" | "firesAboveMsP95";

/** Reads the parts of a scenario from the data in which it was written, complete or not. */
export function readScenario(data: unknown): ScenarioReading {
  const { shape } = EXPECTATION_SCHEMA.unwrap() as { readonly shape: Expected };
  const listed = <Schema extends z.ZodType>(path: DataPath, item: Schema) => entriesAt(data, path, item);
  const number = (key: NumberKey): Placed<number> | null => {
    const path = ["expectation", key];
    const parsed = shape[key].safeParse(valueAt(data, path));
    return parsed.success && typeof parsed.data === "number" ? { path, value: parsed.data } : null;
  };
  const names = (key: "fires" | "mayFire" | "invariants" | "mayBeEmpty") =>
    namesAt(data, ["expectation", key]);
  const faults = listed(["faults"], SCHEDULED_FAULT_SCHEMA);
  const given = valueAt(data, ["faults"]);
  return {
    load: LOAD_SCHEMA.safeParse(valueAt(data, ["load"]) ?? {}).data ?? null,
    timing: TIMING_SCHEMA.safeParse(valueAt(data, ["timing"]) ?? {}).data ?? null,
    faults,
    isComplete: Array.isArray(given) && faults.length === given.length,
    isFaultless: given === undefined || (Array.isArray(given) && given.length === 0),
    fires: names("fires"),
    mayFire: names("mayFire"),
    happens: listed(["expectation", "happens"], OCCURRENCE_SCHEMA),
    holds: listed(["expectation", "holds"], CONDITION_SCHEMA),
    invariants: names("invariants"),
    mayBeEmpty: names("mayBeEmpty"),
    recoversWithinMs: number("recoversWithinMs"),
    answersWithinMs: number("answersWithinMs"),
    acceptsShare: number("acceptsShare"),
    firesAboveMsP95: number("firesAboveMsP95"),
  };
}

function entriesAt<Schema extends z.ZodType>(
  data: unknown,
  path: DataPath,
  item: Schema,
): readonly Placed<z.output<Schema>>[] {
  const list = valueAt(data, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown, index) => {
    const parsed = item.safeParse(entry);
    return parsed.success ? [{ path: [...path, index], value: parsed.data }] : [];
  });
}

function namesAt(data: unknown, path: DataPath): readonly Placed<string>[] {
  const list = valueAt(data, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((value: unknown, index) =>
    typeof value === "string" ? [{ path: [...path, index], value }] : [],
  );
}
