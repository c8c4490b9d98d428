import { UsageError } from "../../core/index.ts";

/** A value written in a template: a literal, a path from the dot or a variable, or a pipeline in parentheses. */
export type Operand =
  | { readonly kind: "literal"; readonly value: string | number | bigint | boolean | null }
  | { readonly kind: "path"; readonly root: string; readonly fields: readonly string[] }
  | { readonly kind: "group"; readonly pipeline: Pipeline; readonly fields: readonly string[] };

/** One stage of a pipeline: a value, or a function with its arguments; what comes before it is the last argument. */
export type Stage =
  | { readonly kind: "value"; readonly operand: Operand }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Operand[] };

export type Pipeline = readonly Stage[];

/** A part of a template, in the order of the text. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly pipeline: Pipeline }
  | { readonly kind: "assign"; readonly variable: string; readonly pipeline: Pipeline }
  | {
      readonly kind: "if" | "with";
      readonly pipeline: Pipeline;
      readonly body: readonly Part[];
      readonly otherwise: readonly Part[];
    }
  | {
      readonly kind: "range";
      /** `$index, $element`; either may be left out. */
      readonly variables: readonly string[];
      readonly pipeline: Pipeline;
      readonly body: readonly Part[];
      readonly otherwise: readonly Part[];
    };

const ACTION = /\{\{(?:-(?=\s))?([\s\S]*?)(?:(?<=\s)-)?\}\}/g;
const TOKEN =
  /\s*("(?:[^"\\]|\\.)*"|`[^`]*`|[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|\$\w*|\.[a-zA-Z_]\w*|\.|[a-zA-Z_]\w*|:=|=|,|\||\(|\))/y;

/** Cuts a text into its parts. @throws UsageError `bad-template`. */
export function parseParts(text: string): readonly Part[] {
  const reader = new Reader(text, cut(text));
  const parts = reader.parts();
  if (reader.closing !== undefined) throw badTemplate(text, `{{ ${reader.closing} }} without a beginning`);
  return parts;
}

/** What a template holds that cannot be read. */
export function badTemplate(text: string, what: string): UsageError {
  return new UsageError({
    code: "bad-template",
    message: `Expected a template of an alert as Prometheus reads it, got ${what} in ${JSON.stringify(text)}.`,
    nextStep:
      "Write it with what kanit's templates support; definitions, break, continue and links to a server are left out.",
  });
}

type Piece = { readonly kind: "text" | "action"; readonly text: string };

/** Texts and actions in turn; `{{- ` and ` -}}` take the blanks beside them away, comments vanish. */
function cut(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  let trimsNext = false;
  const addText = (written: string, trimsEnd: boolean) => {
    const begun = trimsNext ? written.trimStart() : written;
    pieces.push({ kind: "text", text: trimsEnd ? begun.trimEnd() : begun });
  };
  for (const match of text.matchAll(ACTION)) {
    const action = (match[1] ?? "").trim();
    addText(text.slice(position, match.index), /^\{\{-\s/.test(match[0]));
    trimsNext = /\s-\}\}$/.test(match[0]);
    if (!action.startsWith("/*")) pieces.push({ kind: "action", text: action });
    position = match.index + match[0].length;
  }
  addText(text.slice(position), false);
  if (pieces.some((piece) => piece.kind === "text" && piece.text.includes("{{")))
    throw badTemplate(text, "an action that does not end");
  return pieces.filter((piece) => piece.text !== "" || piece.kind === "action");
}

class Reader {
  /** The `end` or `else` that ended the parts last read; undefined at the end of the text. */
  closing: string | undefined;
  readonly #text: string;
  readonly #pieces: readonly Piece[];
  #position = 0;

  constructor(text: string, pieces: readonly Piece[]) {
    this.#text = text;
    this.#pieces = pieces;
  }

  /** The parts up to the next `end` or `else`. */
  parts(): readonly Part[] {
    const parts: Part[] = [];
    this.closing = undefined;
    for (
      let piece = this.#pieces[this.#position];
      piece !== undefined;
      piece = this.#pieces[this.#position]
    ) {
      this.#position++;
      if (piece.kind === "text") parts.push({ kind: "text", text: piece.text });
      else if (/^(?:end|else)\b/.test(piece.text)) {
        this.closing = piece.text;
        return parts;
      } else parts.push(this.#action(piece.text));
    }
    this.closing = undefined;
    return parts;
  }

  #action(action: string): Part {
    const [, keyword, rest = ""] =
      /^(if|with|range|define|template|block|break|continue)\b([\s\S]*)$/.exec(action) ?? [];
    if (keyword === "if" || keyword === "with") return this.#branch(keyword, rest);
    if (keyword === "range") return this.#range(rest);
    if (keyword !== undefined) throw badTemplate(this.#text, `{{ ${keyword} }}`);
    const assigned = /^(\$\w+)\s*:?=([\s\S]*)$/.exec(action);
    if (assigned === null) return { kind: "print", pipeline: this.#pipeline(action) };
    return { kind: "assign", variable: assigned[1] ?? "", pipeline: this.#pipeline(assigned[2] ?? "") };
  }

  #branch(kind: "if" | "with", condition: string): Part {
    const pipeline = this.#pipeline(condition);
    const body = this.parts();
    const [, again, rest = ""] = /^else\s+(if|with)\b([\s\S]*)$/.exec(this.closing ?? "") ?? [];
    // `else if` is a branch of its own that shares the end.
    if (again === "if" || again === "with")
      return { kind, pipeline, body, otherwise: [this.#branch(again, rest)] };
    return { kind, pipeline, body, otherwise: this.#otherwise() };
  }

  #range(header: string): Part {
    const named = /^\s*(\$\w+)\s*(?:,\s*(\$\w+)\s*)?:=([\s\S]*)$/.exec(header);
    const variables =
      named === null ? [] : named[2] === undefined ? ["", named[1] ?? ""] : [named[1] ?? "", named[2]];
    const pipeline = this.#pipeline(named === null ? header : (named[3] ?? ""));
    const body = this.parts();
    return { kind: "range", variables, pipeline, body, otherwise: this.#otherwise() };
  }

  #otherwise(): readonly Part[] {
    const otherwise = this.closing === "else" ? this.parts() : [];
    if (this.closing !== "end") throw badTemplate(this.#text, "a branch without {{ end }}");
    return otherwise;
  }

  #pipeline(written: string): Pipeline {
    const tokens = tokenize(written, this.#text);
    const pipeline = readPipeline(tokens, this.#text);
    if (tokens.length > 0) throw badTemplate(this.#text, tokens.join(" "));
    return pipeline;
  }
}

function tokenize(written: string, text: string): string[] {
  const tokens: string[] = [];
  for (let position = 0; written.slice(position).trim() !== ""; position = TOKEN.lastIndex) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(written);
    if (match === null) throw badTemplate(text, written.slice(position).trim());
    // A field belongs to what stands right before it; after a blank it is a field of the dot.
    const isField =
      (match[1] ?? "").startsWith(".") && match[1] !== "." && match[0] === match[1] && position > 0;
    tokens.push(isField ? `#${match[1]}` : (match[1] ?? ""));
  }
  return tokens;
}

/** Reads from the front of the tokens, and takes away what it has read. */
function readPipeline(tokens: string[], text: string): Pipeline {
  const stages: Stage[] = [];
  do {
    stages.push(readStage(tokens, text));
  } while (tokens[0] === "|" && tokens.shift() !== undefined);
  return stages;
}

function readStage(tokens: string[], text: string): Stage {
  const first = tokens[0];
  if (first === undefined || first === "|" || first === ")") throw badTemplate(text, "an empty stage");
  const isCall = /^[a-zA-Z_]/.test(first) && !["true", "false", "nil"].includes(first);
  if (!isCall) {
    const operand = readOperand(tokens, text);
    if (tokens[0] !== undefined && tokens[0] !== "|" && tokens[0] !== ")")
      throw badTemplate(text, `${first} ${tokens[0]}`);
    return { kind: "value", operand };
  }
  tokens.shift();
  const args: Operand[] = [];
  while (tokens[0] !== undefined && tokens[0] !== "|" && tokens[0] !== ")")
    args.push(readOperand(tokens, text));
  return { kind: "call", name: first, args };
}

function readOperand(tokens: string[], text: string): Operand {
  const token = tokens.shift() ?? "";
  if (token === "(") {
    const pipeline = readPipeline(tokens, text);
    if (tokens.shift() !== ")") throw badTemplate(text, "a parenthesis that does not end");
    return { kind: "group", pipeline, fields: readFields(tokens) };
  }
  if (token.startsWith('"')) return { kind: "literal", value: JSON.parse(token) as string };
  if (token.startsWith("`")) return { kind: "literal", value: token.slice(1, -1) };
  if (token === "true" || token === "false") return { kind: "literal", value: token === "true" };
  if (token === "nil") return { kind: "literal", value: null };
  if (token === ".") return { kind: "path", root: ".", fields: [] };
  if (/^\.[a-zA-Z_]/.test(token))
    return { kind: "path", root: ".", fields: [token.slice(1), ...readFields(tokens)] };
  if (token.startsWith("$")) return { kind: "path", root: token, fields: readFields(tokens) };
  const digits = token.replaceAll("_", "");
  if (token === "" || Number.isNaN(Number(digits))) throw badTemplate(text, token);
  return { kind: "literal", value: /^[+-]?\d+$/.test(digits) ? BigInt(digits) : Number(digits) };
}

function readFields(tokens: string[]): readonly string[] {
  const fields: string[] = [];
  while (tokens[0]?.startsWith("#.")) fields.push((tokens.shift() ?? "").slice(2));
  return fields;
}
