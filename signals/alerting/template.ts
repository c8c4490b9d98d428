import type { Labels } from "../labels.ts";
import { badTemplate } from "./template-error.ts";
import { TEMPLATE_FUNCTIONS } from "./template-functions.ts";
import { type Operand, type Part, type Pipeline, parseParts, type Stage } from "./template-syntax.ts";
import { isStruct, isTrue, show, type TemplateValue, type TemplateWorld } from "./template-values.ts";

/** The data of a template. */
export interface TemplateData extends TemplateWorld {
  readonly labels: Labels;
  readonly value: number;
}

/** A text with `{{ … }}` in it, parsed once and rendered often. */
export interface Template {
  readonly text: string;
  /** @throws UsageError `bad-template` when a value has the wrong type for a function. */
  fill(data: TemplateData): string;
}

/** The variables that Prometheus declares at the beginning of each template. */
const VARIABLES = ["$labels", "$externalLabels", "$externalURL", "$value"];
/** Templates that call each other deeper than this would overflow the stack. */
const MAX_CALLS = 500;
/** More iterations of a `range` than an alert needs. */
const MAX_ROUNDS = 100_000;
/** Templates that call each other twice render twice as many parts with each level. */
const MAX_PARTS = 1_000_000;
/** Of a value, and of the whole text. Nested functions could double a value each time, up to all memory. */
const MAX_LENGTH = { value: 65_536, text: 1_048_576 } as const;

/**
 * Parses a template as Prometheus does: Go's templates with `$labels`, `$value`, variables, pipelines, `if`,
 * `with`, `range`, `define`, comparisons, and Prometheus's functions, including `query`.
 *
 * @throws UsageError `bad-template` for what Prometheus refuses, and for `break`, `continue`,
 *   `toTime`, `toDuration`.
 */
export function parseTemplate(text: string): Template {
  const template = parseParts(text, VARIABLES);
  for (const name of calledIn([...template.parts, ...[...template.defined.values()].flat()])) {
    if (!Object.hasOwn(TEMPLATE_FUNCTIONS, name)) throw badTemplate(text, `the function ${name}`);
  }
  return { text, fill: (data) => new Filling(text, data, template.defined).fill(template.parts) };
}

function calledIn(parts: readonly Part[]): readonly string[] {
  return parts.flatMap((part) => {
    if (part.kind === "text") return [];
    const inside = "body" in part ? [...calledIn(part.body), ...calledIn(part.otherwise)] : [];
    return [...calledInPipeline(part.pipeline ?? []), ...inside];
  });
}

function calledInPipeline(pipeline: Pipeline): readonly string[] {
  const ofOperand = (operand: Operand) =>
    operand.kind === "group" ? calledInPipeline(operand.pipeline) : [];
  return pipeline.flatMap((stage) =>
    stage.kind === "value" ? ofOperand(stage.operand) : [stage.name, ...stage.args.flatMap(ofOperand)],
  );
}

/** The fields of a struct or the keys of a map. */
type Fields = { readonly [name: string]: TemplateValue };

/** One rendering of one template: its variables and its dot. */
class Filling {
  readonly #text: string;
  readonly #data: TemplateData;
  readonly #defined: ReadonlyMap<string, readonly Part[]>;
  /** The innermost last. */
  #variables: { readonly name: string; value: TemplateValue }[];
  #dot: TemplateValue;
  #calls = 0;
  #rounds = 0;
  #parts = 0;
  #length = 0;

  constructor(text: string, data: TemplateData, defined: ReadonlyMap<string, readonly Part[]>) {
    this.#text = text;
    this.#data = data;
    this.#defined = defined;
    const root = {
      Labels: data.labels.toRecord(),
      ExternalLabels: data.external.labels,
      ExternalURL: data.external.url,
      Value: data.value,
    };
    this.#dot = root;
    this.#variables = [
      { name: "$", value: root },
      { name: "$labels", value: root.Labels },
      { name: "$externalLabels", value: root.ExternalLabels },
      { name: "$externalURL", value: root.ExternalURL },
      { name: "$value", value: root.Value },
    ];
  }

  fill(parts: readonly Part[]): string {
    return parts.map((part) => this.#part(part)).join("");
  }

  #part(part: Part): string {
    this.#parts++;
    if (this.#parts > MAX_PARTS) throw badTemplate(this.#text, `more than ${MAX_PARTS} parts to render`);
    switch (part.kind) {
      case "text":
        return this.#written(part.text);
      case "print":
        return this.#written(show(this.#run(part.pipeline)));
      case "assign":
        return this.#assign(part);
      case "template":
        return this.#call(part.name, part.pipeline === null ? null : this.#run(part.pipeline));
      case "if":
      case "with":
        return this.#scoped(() => this.#branch(part));
      case "range":
        return this.#scoped(() => this.#range(part));
    }
  }

  #written(text: string): string {
    this.#length += text.length;
    if (this.#length > MAX_LENGTH.text)
      throw badTemplate(this.#text, `a text of more than ${MAX_LENGTH.text} characters`);
    return text;
  }

  #assign({ variable, isNew, pipeline }: Extract<Part, { kind: "assign" }>): string {
    const value = this.#run(pipeline);
    const known = this.#variables.findLast(({ name }) => name === variable);
    if (isNew || known === undefined) this.#variables.push({ name: variable, value });
    else known.value = value;
    return "";
  }

  #branch({ kind, variable, pipeline, body, otherwise }: Extract<Part, { kind: "if" | "with" }>): string {
    const value = this.#run(pipeline);
    if (variable !== "") this.#variables.push({ name: variable, value });
    if (!isTrue(value)) return this.#scoped(() => this.fill(otherwise));
    return this.#scoped(() => (kind === "with" ? this.#inside(value, body) : this.fill(body)));
  }

  /** Renders a defined template, which sees no variable of its caller. */
  #call(name: string, dot: TemplateValue): string {
    const parts = this.#defined.get(name);
    if (parts === undefined) throw badTemplate(this.#text, `the undefined template ${JSON.stringify(name)}`);
    this.#calls++;
    if (this.#calls > MAX_CALLS) throw badTemplate(this.#text, `templates that call each other without end`);
    const outer = this.#variables;
    this.#variables = [{ name: "$", value: dot }];
    const text = this.#inside(dot, parts);
    this.#variables = outer;
    this.#calls--;
    return text;
  }

  #range({ variables, pipeline, body, otherwise }: Extract<Part, { kind: "range" }>): string {
    const [keyName = "", elementName = ""] = variables;
    const value = this.#run(pipeline);
    if (typeof value === "bigint" && keyName !== "")
      throw badTemplate(this.#text, "a range over a number with two variables");
    const entries = this.#entriesOf(value);
    if (entries.length === 0) return this.fill(otherwise);
    this.#rounds += entries.length;
    if (this.#rounds > MAX_ROUNDS) throw badTemplate(this.#text, `more than ${MAX_ROUNDS} rounds`);
    return entries
      .map(([key, element]) =>
        this.#scoped(() => {
          if (keyName !== "") this.#variables.push({ name: keyName, value: key });
          if (elementName !== "") this.#variables.push({ name: elementName, value: element });
          return this.#inside(element, body);
        }),
      )
      .join("");
  }

  /** The values over which Go ranges: lists, maps by their keys, and whole numbers from zero. */
  #entriesOf(value: TemplateValue): readonly (readonly [TemplateValue, TemplateValue])[] {
    if (value === null) return [];
    if (typeof value === "bigint") {
      if (value > MAX_ROUNDS) throw badTemplate(this.#text, `more than ${MAX_ROUNDS} rounds`);
      return Array.from({ length: Math.max(0, Number(value)) }, (_unused, index) => [
        BigInt(index),
        BigInt(index),
      ]);
    }
    if (Array.isArray(value)) return value.map((element, index) => [BigInt(index), element]);
    if (typeof value !== "object" || isStruct(value as Fields))
      throw badTemplate(this.#text, `a range over ${show(value)}`);
    return Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  }

  /** Variables declared inside end here. */
  #scoped(fill: () => string): string {
    const declared = this.#variables.length;
    const text = fill();
    this.#variables.length = declared;
    return text;
  }

  #inside(dot: TemplateValue, parts: readonly Part[]): string {
    const outer = this.#dot;
    this.#dot = dot;
    const text = this.fill(parts);
    this.#dot = outer;
    return text;
  }

  #run(pipeline: Pipeline): TemplateValue {
    let piped: TemplateValue | undefined;
    for (const stage of pipeline) piped = this.#stage(stage, piped);
    return piped ?? null;
  }

  #stage(stage: Stage, piped: TemplateValue | undefined): TemplateValue {
    if (stage.kind === "value") {
      if (piped !== undefined) throw badTemplate(this.#text, "a value that is not a function after |");
      return this.#operand(stage.operand);
    }
    const args = stage.args.map((arg) => this.#operand(arg));
    if (piped !== undefined) args.push(piped);
    const apply = TEMPLATE_FUNCTIONS[stage.name];
    if (apply === undefined) throw badTemplate(this.#text, `the function ${stage.name}`);
    const refuse = (what: string): never => {
      throw badTemplate(this.#text, `${what} for ${stage.name}`);
    };
    const value = apply(args, refuse, this.#data);
    if (typeof value === "string" && value.length > MAX_LENGTH.value)
      refuse(`a value of more than ${MAX_LENGTH.value} characters`);
    return value;
  }

  #operand(operand: Operand): TemplateValue {
    switch (operand.kind) {
      case "literal":
        return operand.value;
      case "group":
        return this.#fields(this.#run(operand.pipeline), operand.fields);
      case "path":
        if (operand.root === ".") return this.#fields(this.#dot, operand.fields);
        return this.#fields(
          this.#variables.findLast(({ name }) => name === operand.root)?.value ?? null,
          operand.fields,
        );
    }
  }

  /** A missing key of a map is the empty text, as configured by Prometheus. */
  #fields(value: TemplateValue, fields: readonly string[]): TemplateValue {
    let inner = value;
    for (const field of fields) {
      if (typeof inner !== "object" || inner === null || Array.isArray(inner))
        throw badTemplate(this.#text, `the field .${field} of ${show(inner)}`);
      const fields = inner as Fields;
      if (!Object.hasOwn(fields, field) && isStruct(fields))
        throw badTemplate(this.#text, `the field .${field}, which a sample or an alert does not have`);
      inner = Object.hasOwn(fields, field) ? (fields[field] ?? "") : "";
    }
    return inner;
  }
}
