import { unquote } from "../promql/string-literal.ts";
import { badTemplate } from "./template-error.ts";
import { cutTemplate, type Piece, tokenize } from "./template-lexer.ts";

/** A value written in a template: a literal, a path from the dot or a variable, or a pipeline in parentheses. */
export type Operand =
  | { readonly kind: "literal"; readonly value: string | number | bigint | boolean | null }
  | { readonly kind: "path"; readonly root: string; readonly fields: readonly string[] }
  | { readonly kind: "group"; readonly pipeline: Pipeline; readonly fields: readonly string[] };

/**
 * One stage of a pipeline: a value, or a function with its arguments; the previous stage's
 * value is the last argument.
 */
export type Stage =
  | { readonly kind: "value"; readonly operand: Operand }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Operand[] };

export type Pipeline = readonly Stage[];

/** A node of a template, in the order of the text. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly pipeline: Pipeline }
  | {
      readonly kind: "assign";
      readonly variable: string;
      /** Whether the variable is declared here (`:=`) or was declared before (`=`). */
      readonly isNew: boolean;
      readonly pipeline: Pipeline;
    }
  | { readonly kind: "template"; readonly name: string; readonly pipeline: Pipeline | null }
  | {
      readonly kind: "if" | "with";
      /** The variable for the branch's value; empty for none. */
      readonly variable: string;
      readonly pipeline: Pipeline;
      readonly body: readonly Part[];
      readonly otherwise: readonly Part[];
    }
  | {
      readonly kind: "range";
      /** `$index, $element`; either may be absent. */
      readonly variables: readonly string[];
      readonly pipeline: Pipeline;
      readonly body: readonly Part[];
      readonly otherwise: readonly Part[];
    };

/** A template's nodes, and those of the templates that it defines, by name. */
export interface ParsedTemplate {
  readonly parts: readonly Part[];
  readonly defined: ReadonlyMap<string, readonly Part[]>;
}

/**
 * Parses a text into nodes.
 *
 * @param variables the variables that are declared at the beginning.
 * @throws UsageError `bad-template`.
 */
export function parseParts(text: string, variables: readonly string[]): ParsedTemplate {
  const reader = new Reader(text, cutTemplate(text), variables);
  const parts = reader.parts();
  if (reader.closing !== undefined) throw badTemplate(text, `{{ ${reader.closing} }} without a beginning`);
  return { parts, defined: reader.defined };
}

class Reader {
  /** The `end` or `else` after the nodes last read; undefined at the end of the text. */
  closing: string | undefined;
  readonly #text: string;
  readonly #pieces: readonly Piece[];
  readonly defined = new Map<string, readonly Part[]>();
  #position = 0;
  #depth = 0;
  /** The variables in scope, the innermost last. */
  #variables: string[];

  constructor(text: string, pieces: readonly Piece[], variables: readonly string[]) {
    this.#text = text;
    this.#pieces = pieces;
    this.#variables = ["$", ...variables];
  }

  /** The nodes up to the next `end` or `else`. */
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
    if (keyword === "define" || keyword === "block") return this.#define(keyword, rest);
    if (keyword === "template") return this.#call(rest);
    if (keyword !== undefined) throw badTemplate(this.#text, `{{ ${keyword} }}`);
    const [, variable, sign, value = ""] = /^(\$\w+)\s*(:?=)([\s\S]*)$/.exec(action) ?? [];
    if (variable === undefined) return { kind: "print", pipeline: this.#pipeline(action) };
    const pipeline = this.#pipeline(value);
    if (sign === ":=") this.#variables.push(variable);
    else this.#mustBeDeclared(variable);
    return { kind: "assign", variable, isNew: sign === ":=", pipeline };
  }

  #branch(kind: "if" | "with", condition: string): Part {
    return this.#scoped(() => {
      const [, variable = "", written = condition] = /^\s*(\$\w+)\s*:=([\s\S]*)$/.exec(condition) ?? [];
      const pipeline = this.#pipeline(written);
      if (variable !== "") this.#variables.push(variable);
      const body = this.#scoped(() => this.parts());
      const [, again, rest = ""] = /^else\s+(if|with)\b([\s\S]*)$/.exec(this.closing ?? "") ?? [];
      // `else if` is a branch of its own with the same end.
      if (again === "if" || again === "with")
        return { kind, variable, pipeline, body, otherwise: [this.#branch(again, rest)] };
      return { kind, variable, pipeline, body, otherwise: this.#otherwise() };
    });
  }

  #range(header: string): Part {
    return this.#scoped(() => {
      const named = /^\s*(\$\w+)\s*(?:,\s*(\$\w+)\s*)?:=([\s\S]*)$/.exec(header);
      const variables =
        named === null ? [] : named[2] === undefined ? ["", named[1] ?? ""] : [named[1] ?? "", named[2]];
      const pipeline = this.#pipeline(named === null ? header : (named[3] ?? ""));
      this.#variables.push(...variables);
      const body = this.#scoped(() => this.parts());
      return { kind: "range", variables, pipeline, body, otherwise: this.#otherwise() };
    });
  }

  /** `define` stores its nodes for later; `block` also calls them in its place. */
  #define(keyword: "define" | "block", header: string): Part {
    const [, quoted = "", argument = ""] = DEFINED.exec(header) ?? [];
    const name = unquote(quoted);
    if (name === undefined || (keyword === "define") !== (argument.trim() === ""))
      throw badTemplate(this.#text, `{{ ${keyword}${header} }}`);
    if (keyword === "define" && this.#depth > 0)
      throw badTemplate(this.#text, "a define inside of another part");
    const pipeline = keyword === "block" ? this.#pipeline(argument) : null;
    const outer = this.#variables;
    this.#variables = ["$"];
    const parts = this.#scoped(() => this.parts());
    this.#variables = outer;
    if (this.closing !== "end") throw badTemplate(this.#text, `a ${keyword} without {{ end }}`);
    if (keyword === "define" && this.defined.has(name))
      throw badTemplate(this.#text, `two templates named ${JSON.stringify(name)}`);
    this.defined.set(name, parts);
    return keyword === "define" ? { kind: "text", text: "" } : { kind: "template", name, pipeline };
  }

  #call(header: string): Part {
    const [, quoted = "", argument = ""] = DEFINED.exec(header) ?? [];
    const name = unquote(quoted);
    if (name === undefined) throw badTemplate(this.#text, `{{ template${header} }}`);
    return { kind: "template", name, pipeline: argument.trim() === "" ? null : this.#pipeline(argument) };
  }

  #otherwise(): readonly Part[] {
    const otherwise = this.closing === "else" ? this.#scoped(() => this.parts()) : [];
    if (this.closing !== "end") throw badTemplate(this.#text, "a branch without {{ end }}");
    return otherwise;
  }

  /** Variables declared inside end here. */
  #scoped<T>(read: () => T): T {
    const declared = this.#variables.length;
    this.#depth++;
    if (this.#depth > MAX_DEPTH) throw badTemplate(this.#text, `more than ${MAX_DEPTH} nested parts`);
    const result = read();
    this.#depth--;
    this.#variables.length = declared;
    return result;
  }

  #mustBeDeclared(variable: string): void {
    if (!this.#variables.includes(variable))
      throw badTemplate(this.#text, `the undefined variable ${variable}`);
  }

  #pipeline(written: string): Pipeline {
    const tokens = tokenize(written, this.#text);
    for (const token of tokens) if (token.startsWith("$")) this.#mustBeDeclared(token);
    const pipeline = readPipeline(tokens, this.#text);
    if (tokens.length > 0) throw badTemplate(this.#text, tokens.join(" "));
    return pipeline;
  }
}

/** The quoted name after `define`, `block` and `template`, and what follows it. */
const DEFINED = /^\s*("(?:[^"\\\n]|\\.)*"|`[^`]*`)([\s\S]*)$/;
/** Deeper nesting would overflow the stack. */
const MAX_DEPTH = 500;

/** Reads from the front of the tokens, and removes what it has read. */
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
  if (/^["`']/.test(token)) return { kind: "literal", value: readQuoted(token, text) };
  if (token === "true" || token === "false") return { kind: "literal", value: token === "true" };
  if (token === "nil") return { kind: "literal", value: null };
  if (token === ".") return { kind: "path", root: ".", fields: [] };
  if (/^\.[a-zA-Z_]/.test(token))
    return { kind: "path", root: ".", fields: [token.slice(1), ...readFields(tokens)] };
  if (token.startsWith("$")) return { kind: "path", root: token, fields: readFields(tokens) };
  const digits = token.replaceAll("_", "");
  if (token === "" || !/^[+-]?(?:0[xX][\da-fA-F]+|[\d.]+(?:[eE][+-]?\d+)?)$/.test(digits))
    throw badTemplate(text, token);
  return {
    kind: "literal",
    value: /^[+-]?(?:\d+|0x[\da-f]+)$/i.test(digits) ? readInteger(digits) : Number(digits),
  };
}

/** A text, or the code point of a character in single quotes. */
function readQuoted(token: string, text: string): string | bigint {
  const value = unquote(token);
  if (value === undefined) throw badTemplate(text, token);
  if (!token.startsWith("'")) return value;
  const [character, ...others] = value;
  if (character === undefined || others.length > 0) throw badTemplate(text, token);
  return BigInt(character.codePointAt(0) ?? 0);
}

function readInteger(digits: string): bigint {
  const magnitude = digits.replace(/^[+-]/, "");
  const isOctal = /^0[0-7]+$/.test(magnitude);
  const value = BigInt(isOctal ? `0o${magnitude.slice(1)}` : magnitude);
  return digits.startsWith("-") ? -value : value;
}

function readFields(tokens: string[]): readonly string[] {
  const fields: string[] = [];
  while (tokens[0]?.startsWith("#.")) fields.push((tokens.shift() ?? "").slice(2));
  return fields;
}
