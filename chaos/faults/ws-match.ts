import type { z } from "zod";
import { type FaultAttribute, regularExpression } from "./fault-kind.ts";
import {
  describeMessageChoice,
  messageChoice,
  messageChoiceAttributes,
  messageChoiceOf,
} from "./message-choice.ts";

/** A regular expression for the text of messages. */
export const wsPattern = {
  /** Matched anywhere and without regard to case; empty: every data message, binary ones too. */
  pattern: regularExpression.default(""),
};

/** Which data messages a fault takes: the block that each WebSocket fault on chosen messages has. */
export const wsMatch = { ...wsPattern, ...messageChoice };

type WsMatch = z.infer<z.ZodObject<typeof wsMatch>>;

/** The pattern as an attribute for a person. */
export const wsPatternAttribute: FaultAttribute & { readonly toxicName: string } = {
  name: "pattern",
  toxicName: "pattern",
  takes: "text",
  summary: "only text messages that match this regular expression; empty: every data message",
};

/** Both as attributes for a person. */
export const wsMatchAttributes: readonly (typeof wsPatternAttribute)[] = [
  wsPatternAttribute,
  ...messageChoiceAttributes,
];

/** Both as the toxic's attributes. */
export function wsMatchOf(fault: WsMatch) {
  return { pattern: fault.pattern, ...messageChoiceOf(fault) };
}

/** Which messages are taken, for a person: `each message`, `each tenth message that matches /depth/`. */
export function describeWsMatch(fault: WsMatch): string {
  const { pattern } = fault;
  return describeMessageChoice(fault, pattern === "" ? "message" : `message that matches /${pattern}/`);
}
