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

/** The functions that take a part of a UTC time, given in seconds; of the present moment by default. */
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
      value: part(new Date(Math.trunc(sample.value) * 1_000)),
      dropName: true,
    }));
  },
}));
