import { UsageError } from "../../core/index.ts";
import type { Labels } from "../labels.ts";
import { formatFloat } from "../promql/format-float.ts";
import { TEMPLATE_FUNCTIONS, type TemplateValue } from "./template-functions.ts";

/** What a template can speak about. */
export interface TemplateData {
  readonly labels: Labels;
  readonly value: number;
}

/** A text with `{{ … }}` in it, read once and filled in often. */
export interface Template {
  readonly text: string;
  fill(data: TemplateData): string;
}

type Term = (data: TemplateData) => TemplateValue;

const TOKEN =
  /\s*(\$labels\.\w+|\.Labels\.\w+|\$value|\.Value|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[a-zA-Z]\w*|\|)/y;

/**
 * Reads the part of Go's templates that alert texts use: `{{ $value }}`, `{{ $labels.job }}`, literals, pipelines, and
 * `humanize`, `humanize1024`, `humanizePercentage`, `humanizeDuration`, `printf`, `toUpper`, `toLower`, `title`.
 *
 * @throws UsageError `bad-template` for the rest (conditions, loops, `query`), which would need a whole Prometheus.
 */
export function parseTemplate(text: string): Template {
  const parts: (string | Term)[] = [];
  let position = 0;
  for (const match of text.matchAll(/\{\{-?([\s\S]*?)-?\}\}/g)) {
    parts.push(text.slice(position, match.index), parseAction(match[1] ?? "", text));
    position = match.index + match[0].length;
  }
  parts.push(text.slice(position));
  return {
    text,
    fill: (data) => parts.map((part) => (typeof part === "string" ? part : show(part(data)))).join(""),
  };
}

function show(value: TemplateValue): string {
  return typeof value === "number" ? formatFloat(value) : value;
}

function parseAction(action: string, text: string): Term {
  const tokens = tokenize(action, text);
  let piped: Term | undefined;
  for (const stage of splitStages(tokens)) {
    piped = parseStage(stage, piped, text);
  }
  if (piped === undefined) throw badTemplate(text, "an empty action");
  return piped;
}

function tokenize(action: string, text: string): readonly string[] {
  const tokens: string[] = [];
  for (let position = 0; action.slice(position).trim() !== ""; position = TOKEN.lastIndex) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(action);
    if (match === null) throw badTemplate(text, action.slice(position).trim());
    tokens.push(match[1] ?? "");
  }
  return tokens;
}

function splitStages(tokens: readonly string[]): readonly (readonly string[])[] {
  const stages: string[][] = [[]];
  for (const token of tokens) {
    if (token === "|") stages.push([]);
    else stages.at(-1)?.push(token);
  }
  return stages;
}

function parseStage(tokens: readonly string[], piped: Term | undefined, text: string): Term {
  const [first, ...rest] = tokens;
  if (first === undefined) throw badTemplate(text, "an empty stage");
  if (!/^[a-zA-Z]/.test(first)) {
    if (rest.length > 0 || piped !== undefined) throw badTemplate(text, tokens.join(" "));
    return parseTerm(first);
  }
  const apply = TEMPLATE_FUNCTIONS[first];
  if (apply === undefined) throw badTemplate(text, `the function ${first}`);
  const args = rest.map((token) => {
    if (/^[a-zA-Z]/.test(token)) throw badTemplate(text, `${first} ${token}`);
    return parseTerm(token);
  });
  if (piped !== undefined) args.push(piped);
  return (data) => apply(args.map((arg) => arg(data)));
}

function parseTerm(token: string): Term {
  if (token === "$value" || token === ".Value") return (data) => data.value;
  const label = /^(?:\$l|\.L)abels\.(\w+)$/.exec(token)?.[1];
  if (label !== undefined) return (data) => data.labels.get(label);
  if (token.startsWith('"')) return () => JSON.parse(token) as string;
  return () => Number(token);
}

function badTemplate(text: string, what: string): UsageError {
  return new UsageError({
    code: "bad-template",
    message: `Expected $value, $labels.<name>, a literal or a known function in a template, got ${what} in ${JSON.stringify(text)}.`,
    nextStep:
      "Write the text with what kanit's templates support; conditions, loops and queries are left out.",
  });
}
