import type { QuantityName } from "../../core/index.ts";
import { AGE_METRICS } from "../alerting/ages.ts";

/** The quantities of gauges whose range is known. */
const GAUGES: Readonly<Record<string, QuantityName>> = {
  ...Object.fromEntries(AGE_METRICS.map((name) => [name, "seconds"])),
  process_start_time_seconds: "epoch-seconds",
};

/** The suffixes of counters, for pages that state no type. */
const COUNTER_NAME = /_(?:total|bucket|count|sum)$/;

const STATES_NOTHING: ReadonlySet<string> = new Set(["", "untyped", "unknown"]);

/** Returns whether a metric counts up from zero, by the type that its page states or, without a type, by its name. */
export function isCounter(metric: string, type: string): boolean {
  if (type === "counter") return true;
  if (type === "histogram" || type === "summary") return /_(?:bucket|count)$/.test(metric);
  return STATES_NOTHING.has(type) && COUNTER_NAME.test(metric);
}

/** Returns the quantity that a metric measures. */
export function quantityOf(metric: string, type: string): QuantityName {
  return GAUGES[metric] ?? (isCounter(metric, type) ? "amount" : "change");
}
