import type { MatchAttributes } from "../proxy/protocols/http/request-match.ts";
import type { QueryChoice } from "../proxy/protocols/pg/query-match.ts";
import type { ChosenMessages } from "../proxy/protocols/ws/message-stage.ts";
import type { ChoiceAttributes } from "../proxy/toxics/message-choice.ts";

/** Describes which items are chosen: `each second POST`; `what` is `POST` here. */
export function describeChoice({ nth, every, first, share }: ChoiceAttributes, what: string): string {
  if (nth > 0) return `the ${ordinal(nth)} ${what}`;
  if (every > 0) return every === 1 ? `each ${what}` : `each ${ordinal(every)} ${what}`;
  if (first > 0) return `${what} (the first ${first})`;
  return share < 1 ? `${what} (${Number((share * 100).toFixed(2))} % of them)` : `each ${what}`;
}

/** Describes which HTTP requests are chosen: `each second POST of ^/api/v3/order$`. */
export function describeRequests(choice: MatchAttributes): string {
  const method = choice.method === "" ? "request" : choice.method.toUpperCase();
  return describeChoice(choice, choice.path === "" ? method : `${method} of ${choice.path}`);
}

/** Describes which queries are chosen: `each second query /^insert/`. */
export function describeQueries(choice: QueryChoice): string {
  return describeChoice(choice, choice.pattern === "" ? "query" : `query /${choice.pattern}/`);
}

/**
 * Describes which WebSocket messages are chosen: `each message`, `each tenth message that matches /depth/`.
 */
export function describeMessages(choice: ChosenMessages): string {
  const { pattern } = choice;
  return describeChoice(choice, pattern === "" ? "message" : `message that matches /${pattern}/`);
}

const SMALL = ["", "first", "second", "third"];

function ordinal(number: number): string {
  return SMALL[number] ?? `${number}th`;
}
