import { z } from "zod";
import { type FaultAttribute, share, wholeNumber } from "./fault-kind.ts";

/** Which of the messages that match a fault takes: a block of its schema that each message-aware fault has. */
export const messageChoice = {
  /** The first of `nth`, `every` and `first` that is not 0 decides; with none of them the seeded `share` does. */
  nth: wholeNumber.default(0),
  every: wholeNumber.default(0),
  first: wholeNumber.default(0),
  share: share.default(1),
  per: z.enum(["proxy", "connection"]).default("proxy"),
};

type MessageChoice = z.infer<z.ZodObject<typeof messageChoice>>;

/** The same as attributes for a person. */
export const messageChoiceAttributes: readonly (FaultAttribute & { readonly toxicName: string })[] = [
  {
    name: "nth",
    toxicName: "nth",
    takes: "number",
    summary: "only the match of this number, from 1; 0: unused",
  },
  {
    name: "every",
    toxicName: "every",
    takes: "number",
    summary: "each match whose number is a multiple of this; 0: unused",
  },
  { name: "first", toxicName: "first", takes: "number", summary: "this many matches, then none; 0: unused" },
  { name: "share", toxicName: "share", takes: "number", summary: "seeded share of the matches, 0 to 1" },
  {
    name: "per",
    toxicName: "per",
    takes: "text",
    summary: "proxy: matches are counted over all connections; connection: in each of them",
  },
];

/** The same as the toxic's attributes. */
export function messageChoiceOf({ nth, every, first, share: part, per }: MessageChoice) {
  return { nth, every, first, share: part, per };
}

/** Which of the messages are taken, for a person: `each second POST`, of `what` as in `POST`. */
export function describeMessageChoice(
  { nth, every, first, share: part }: MessageChoice,
  what: string,
): string {
  if (nth > 0) return `the ${ordinal(nth)} ${what}`;
  if (every > 0) return every === 1 ? `each ${what}` : `each ${ordinal(every)} ${what}`;
  if (first > 0) return `${what} (the first ${first})`;
  return part < 1 ? `${what} (${Number((part * 100).toFixed(2))} % of them)` : `each ${what}`;
}

const SMALL = ["", "first", "second", "third"];

function ordinal(number: number): string {
  return SMALL[number] ?? `${number}th`;
}
