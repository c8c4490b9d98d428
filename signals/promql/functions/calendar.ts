import { Labels } from "../../labels.ts";
import { mapSamples, type PromqlFunction, vectorAt } from "./promql-function.ts";

const DAY_MS = 86_400_000;

const PARTS: Readonly<Record<string, (date: Date) => number>> = {
  minute: (date) => date.getUTCMinutes(),
  hour: (date) => date.getUTCHours(),
  day_of_week: (date) => date.getUTCDay(),
  day_of_month: (date) => date.getUTCDate(),
  day_of_year: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1,
  days_in_month: (date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  month: (date) => date.getUTCMonth() + 1,
  year: (date) => date.getUTCFullYear(),
};

/** Dates repeat after 400 years, days of the week included. */
const CYCLE_YEARS = 400;
const CYCLE_SECONDS = 146_097 * 86_400;
/** The latest time that JavaScript's `Date` can represent. */
const MAX_DATE_SECONDS = 8.64e12;
const INT64_SECONDS = 2 ** 63;
/** Year, month, day, weekday, day of the year: Go's results for times that 64 bits cannot represent. */
const OVERFLOWN: Readonly<Record<string, number>> = {
  minute: 30,
  hour: 15,
  day_of_week: 0,
  day_of_month: 4,
  day_of_year: 339,
  days_in_month: 31,
  month: 12,
  year: 292_277_026_596,
};

/** A part of a time in seconds, within Go's range, which is much larger than JavaScript's. */
function partAt(seconds: number, name: string, part: (date: Date) => number): number {
  if (Math.abs(seconds) <= MAX_DATE_SECONDS) return part(new Date(Math.trunc(seconds) * 1_000));
  if (Number.isNaN(seconds) || Math.abs(seconds) >= INT64_SECONDS) return OVERFLOWN[name] ?? Number.NaN;
  const whole = BigInt(Math.trunc(seconds));
  const cycle = BigInt(CYCLE_SECONDS);
  const rest = ((whole % cycle) + cycle) % cycle;
  const value = part(new Date(Number(rest) * 1_000));
  return name === "year" ? value + Number((whole - rest) / cycle) * CYCLE_YEARS : value;
}

/** The functions that return a part of a UTC time, given in seconds; by default of the current time. */
export const CALENDAR: readonly PromqlFunction[] = Object.entries(PARTS).map(([name, part]) => ({
  name,
  args: ["vector"],
  optional: 1,
  returns: "vector",
  evaluate(args, context) {
    const samples =
      args.length === 0
        ? [{ labels: Labels.empty, value: context.timeMs / 1_000, dropName: false }]
        : vectorAt(args, 0);
    return mapSamples(samples, (sample) => ({
      ...sample,
      value: partAt(sample.value, name, part),
      dropName: true,
    }));
  },
}));
