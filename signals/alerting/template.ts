import type { Labels } from "../labels.ts";
import { TEMPLATE_FUNCTIONS } from "./template-functions.ts";
import {
  badTemplate,
  type Operand,
  type Part,
  type Pipeline,
  parseParts,
  type Stage,
} from "./template-syntax.ts";
import { isTrue, show, type TemplateValue } from "./template-values.ts";

/** One element of what `query` found, as templates see it. */
export interface TemplateSample {
  readonly Labels: Readonly<Record<string, string>>;
  readonly Value: number;
}

/** Answers `query` at the moment of the evaluation. */
export type TemplateQuery = (expression: string) => readonly TemplateSample[];

/** What a Prometheus is configured with for the world outside: its own labels, and the address of its pages. */
export interface External {
  readonly labels: Readonly<Record<string, string>>;
  readonly url: string;
}

/** What a template can speak about. */
export interface TemplateData {
  readonly labels: Labels;
  readonly value: number;
  readonly query: TemplateQuery;
  readonly atMs: number;
  readonly external: External;
}

/** A text with `{{ … }}` in it, read once and filled in often. */
export interface Template {
  readonly text: string;
  /** @throws UsageError `bad-template` when a value is not of the kind that a function needs. */
  fill(data: TemplateData): string;
}

/**
 * Reads a template as Prometheus does: Go's templates with `$labels`, `$value`, variables, pipelines, `if`, `with`,
 * `range`, comparisons, and Prometheus's functions, `query` among them.
 *
 * @throws UsageError `bad-template` for what needs a server (links to its pages), definitions, `break` and `continue`.
 */
export function parseTemplate(text: string): Template {
  const parts = parseParts(text);
  for (const name of calledIn(parts)) {
    if (name !== "query" && TEMPLATE_FUNCTIONS[name] === undefined)
      throw badTemplate(text, `the function ${name}`);
  }
  return { text, fill: (data) => new Filling(text, data).fill(parts) };
}

function calledIn(parts: readonly Part[]): readonly string[] {
  return parts.flatMap((part) => {
    if (part.kind === "text") return [];
    const inside = "body" in part ? [...calledIn(part.body), ...calledIn(part.otherwise)] : [];
    return [...calledInPipeline(part.pipeline), ...inside];
  });
}

function calledInPipeline(pipeline: Pipeline): readonly string[] {
  const ofOperand = (operand: Operand) =>
    operand.kind === "group" ? calledInPipeline(operand.pipeline) : [];
  return pipeline.flatMap((stage) =>
    stage.kind === "value" ? ofOperand(stage.operand) : [stage.name, ...stage.args.flatMap(ofOperand)],
  );
}

/** One filling in of one template: its variables and its dot. */
class Filling {
  readonly #text: string;
  readonly #data: TemplateData;
  readonly #variables = new Map<string, TemplateValue>();
  #dot: TemplateValue;

  constructor(text: string, data: TemplateData) {
    this.#text = text;
    this.#data = data;
    const root = {
      Labels: data.labels.toRecord(),
      ExternalLabels: data.external.labels,
      ExternalURL: data.external.url,
      Value: data.value,
    };
    this.#dot = root;
    this.#variables.set("$", root);
    this.#variables.set("$labels", root.Labels);
    this.#variables.set("$externalLabels", root.ExternalLabels);
    this.#variables.set("$externalURL", root.ExternalURL);
    this.#variables.set("$value", root.Value);
  }

  fill(parts: readonly Part[]): string {
    return parts.map((part) => this.#part(part)).join("");
  }

  #part(part: Part): string {
    switch (part.kind) {
      case "text":
        return part.text;
      case "print":
        return show(this.#run(part.pipeline));
      case "assign":
        this.#variables.set(part.variable, this.#run(part.pipeline));
        return "";
      case "if":
        return this.fill(isTrue(this.#run(part.pipeline)) ? part.body : part.otherwise);
      case "with": {
        const value = this.#run(part.pipeline);
        return isTrue(value) ? this.#inside(value, part.body) : this.fill(part.otherwise);
      }
      case "range":
        return this.#range(part);
    }
  }

  #range({ variables, pipeline, body, otherwise }: Extract<Part, { kind: "range" }>): string {
    const value = this.#run(pipeline);
    const entries: readonly (readonly [TemplateValue, TemplateValue])[] = Array.isArray(value)
      ? value.map((element, index) => [index, element])
      : typeof value === "object" && value !== null
        ? Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
        : [];
    if (entries.length === 0) return this.fill(otherwise);
    return entries
      .map(([key, element]) => {
        const [keyName = "", elementName = ""] = variables;
        if (keyName !== "") this.#variables.set(keyName, key);
        if (elementName !== "") this.#variables.set(elementName, element);
        return this.#inside(element, body);
      })
      .join("");
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
      if (piped !== undefined) throw badTemplate(this.#text, "a value that is no function behind |");
      return this.#operand(stage.operand);
    }
    const args = stage.args.map((arg) => this.#operand(arg));
    if (piped !== undefined) args.push(piped);
    if (stage.name === "query") return this.#query(args);
    const apply = TEMPLATE_FUNCTIONS[stage.name];
    if (apply === undefined) throw badTemplate(this.#text, `the function ${stage.name}`);
    return apply(args, (what) => {
      throw badTemplate(this.#text, `${what} for ${stage.name}`);
    });
  }

  #query([expression]: readonly TemplateValue[]): TemplateValue {
    if (typeof expression !== "string") throw badTemplate(this.#text, "a query that is no text");
    return this.#data
      .query(expression)
      .map(({ Labels: labels, Value: value }) => ({ Labels: labels, Value: value }));
  }

  #operand(operand: Operand): TemplateValue {
    switch (operand.kind) {
      case "literal":
        return operand.value;
      case "group":
        return this.#fields(this.#run(operand.pipeline), operand.fields);
      case "path":
        if (operand.root === ".") return this.#fields(this.#dot, operand.fields);
        if (!this.#variables.has(operand.root)) throw badTemplate(this.#text, `the variable ${operand.root}`);
        return this.#fields(this.#variables.get(operand.root) ?? null, operand.fields);
    }
  }

  /** A key that a map does not have is the empty text, as Prometheus has set it. */
  #fields(value: TemplateValue, fields: readonly string[]): TemplateValue {
    let inner = value;
    for (const field of fields) {
      if (typeof inner !== "object" || inner === null || Array.isArray(inner))
        throw badTemplate(this.#text, `the field .${field} of ${show(inner)}`);
      inner = (inner as Readonly<Record<string, TemplateValue>>)[field] ?? "";
    }
    return inner;
  }
}
