import { z } from "zod";
import { type FaultAttribute, regularExpression } from "./fault-kind.ts";
import {
  describeMessageChoice,
  messageChoice,
  messageChoiceAttributes,
  messageChoiceOf,
} from "./message-choice.ts";

/** Which requests an http fault takes: a block of its schema that each of them has. */
export const httpMatch = {
  /** `POST`; empty: any. */
  method: z.string().default(""),
  /** A regular expression for the path without its query; empty: any. */
  path: regularExpression.default(""),
  ...messageChoice,
};

type HttpMatch = z.infer<z.ZodObject<typeof httpMatch>>;

/** The same as attributes for a person. */
export const httpMatchAttributes: readonly (FaultAttribute & { readonly toxicName: string })[] = [
  { name: "method", toxicName: "method", takes: "text", summary: "only requests of this method; empty: any" },
  {
    name: "path",
    toxicName: "path",
    takes: "text",
    summary: "only requests whose path, without its query, matches this regular expression; empty: any",
  },
  ...messageChoiceAttributes,
];

/** The same as the toxic's attributes. */
export function httpMatchOf(fault: HttpMatch) {
  return { method: fault.method, path: fault.path, ...messageChoiceOf(fault) };
}

/** Which requests are taken, for a person: `each second POST of ^/api/v3/order$`. */
export function describeHttpMatch(fault: HttpMatch): string {
  const method = fault.method === "" ? "request" : fault.method.toUpperCase();
  return describeMessageChoice(fault, fault.path === "" ? method : `${method} of ${fault.path}`);
}
