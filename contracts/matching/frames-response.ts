import type { MessageInteraction, PactResponse } from "./pact-file.ts";

const EQUAL = { combine: "AND", matchers: [{ match: "equality" }] };

/**
 * Turns a message of a pact into the response of a server that answers with a list of such messages, so that
 * Pact matches all of them at once. Rules move from `$` to `$[*]`. In a list Pact compares values without a
 * rule only by type, so these get an equality rule, which they have implicitly in a message.
 */
export function framesResponse({ contents, matchingRules }: MessageInteraction): PactResponse {
  const rules = matchingRules?.body ?? {};
  const literals = literalPaths(contents.content, "$", new Set(Object.keys(rules)));
  return {
    status: 200,
    headers: { "Content-Type": ["application/json"] },
    body: { content: [contents.content], contentType: "application/json", encoded: false },
    matchingRules: {
      body: {
        $: { combine: "AND", matchers: [{ match: "type", min: 1 }] },
        ...Object.fromEntries(literals.map((path) => [ofEach(path), EQUAL])),
        ...Object.fromEntries(Object.entries(rules).map(([path, rule]) => [ofEach(path), rule])),
      },
    },
  };
}

function ofEach(path: string): string {
  return `$[*]${path.slice(1)}`;
}

/** The paths of the values without a rule. */
function literalPaths(value: unknown, path: string, ruled: ReadonlySet<string>): string[] {
  if (ruled.has(path)) return [];
  if (Array.isArray(value))
    return value.flatMap((each, index) => literalPaths(each, `${path}[${index}]`, ruled));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, each]) => literalPaths(each, `${path}.${key}`, ruled));
  }
  return [path];
}
