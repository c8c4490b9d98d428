import { binanceError } from "./binance-error.ts";

/** The unit of all times in answers and frames. */
export type TimeUnit = "ms" | "µs";

const UNITS: ReadonlyMap<string, TimeUnit> = new Map([
  ["MILLISECOND", "ms"],
  ["MICROSECOND", "µs"],
]);
/** A number of 13 digits is a time: ids are shorter, amounts are texts. */
const TIME = /(?<=[:[,])(1\d{12})(?=[,}\]])/g;

/** The unit that a client asks for; ms when it does not. Throws -1194 for any other. */
export function timeUnitOf(wanted: string | null | undefined): TimeUnit {
  if (wanted === null || wanted === undefined) return "ms";
  const unit = UNITS.get(wanted.toUpperCase());
  if (unit === undefined) throw binanceError.invalidTimeUnit();
  return unit;
}

/** A JSON text with its times in the unit. */
export function inTimeUnit<Text extends Buffer | string>(json: Text, unit: TimeUnit): Text | string {
  return unit === "ms" ? json : json.toString().replace(TIME, "$1000");
}
