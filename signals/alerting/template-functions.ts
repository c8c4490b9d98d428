import { parseDurationMs } from "../../core/index.ts";
import { matchesAnywhere, replaceEvery } from "../re2.ts";
import { stripDomain, stripPort } from "./host-port.ts";
import { humanize, humanize1024, humanizeDuration, humanizeTimestamp, significant } from "./humanize.ts";
import { printf, printValues } from "./template-printing.ts";
import { isTrue, show, type TemplateFunction, type TemplateValue } from "./template-values.ts";

const COMPARISONS: Readonly<Record<string, (left: never, right: never) => boolean>> = {
  lt: (left, right) => left < right,
  le: (left, right) => left <= right,
  gt: (left, right) => left > right,
  ge: (left, right) => left >= right,
};

const ofNumber =
  (compute: (value: number) => string): TemplateFunction =>
  ([value], refuse) =>
    compute(numberOf(value, refuse));

/** The most that a replacement may make, before it is made. */
const MAX_REPLACED_LENGTH = 4_194_304;

function replaceAll(
  pattern: string,
  replacement: string,
  text: string,
  refuse: (what: string) => never,
): string {
  const references = replacement.split("$").length - 1;
  const most = (text.length + 1) * replacement.length + references * text.length;
  if (most > MAX_REPLACED_LENGTH) refuse(`a replacement of up to ${most} characters`);
  return replaceEvery(pattern, replacement, text);
}

/** The functions of alert templates: Prometheus's (`template/template.go`) and Go's own. */
export const TEMPLATE_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  humanize: ofNumber(humanize),
  humanize1024: ofNumber(humanize1024),
  humanizePercentage: ofNumber((value) => `${significant(value * 100, 4)}%`),
  humanizeDuration: ofNumber(humanizeDuration),
  humanizeTimestamp: ([value], refuse) =>
    humanizeTimestamp(numberOf(value, refuse)) ?? refuse("a time beyond the clock's range"),
  parseDuration: ([text]) => parseDurationMs(String(text)) / 1_000,
  toUpper: ([text]) => String(text).toUpperCase(),
  toLower: ([text]) => String(text).toLowerCase(),
  title: ([text]) => String(text).replace(/(?<![\p{L}\p{N}_'])\p{L}/gu, (letter) => letter.toUpperCase()),
  match: ([pattern, text]) => matchesAnywhere(String(pattern), String(text)),
  reReplaceAll: ([pattern, replacement, text], refuse) =>
    replaceAll(String(pattern), String(replacement), String(text), refuse),
  stripPort: ([address]) => stripPort(String(address)),
  stripDomain: ([address]) => stripDomain(String(address)),
  query: ([expression], refuse, { query }) =>
    typeof expression === "string"
      ? query(expression).map(({ Labels, Value }) => ({ Labels, Value }))
      : refuse("a query that is not a text"),
  now: (_args, _refuse, { atMs }) => atMs / 1_000,
  externalURL: (_args, _refuse, { external }) => external.url,
  pathPrefix: (_args, _refuse, { external }) =>
    /^[a-z][\w+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(external.url)?.[1] ?? "",
  graphLink: ([expression]) => `/graph?g0.expr=${queryEscape(String(expression))}&g0.tab=0`,
  tableLink: ([expression]) => `/graph?g0.expr=${queryEscape(String(expression))}&g0.tab=1`,
  urlQueryEscape: ([text]) => queryEscape(String(text)),
  safeHtml: ([text]) => String(text),
  args: (args) => Object.fromEntries(args.map((value, index) => [`arg${index}`, value])),
  strvalue: ([sample], refuse) => fieldOf(fieldOf(sample, "Labels", refuse), "__value__", refuse),
  first: ([list], refuse) =>
    (Array.isArray(list) ? (list[0] as TemplateValue | undefined) : undefined) ?? refuse("no elements"),
  label: ([name, sample], refuse) => fieldOf(fieldOf(sample, "Labels", refuse), String(name), refuse),
  value: ([sample], refuse) => fieldOf(sample, "Value", refuse),
  sortByLabel: ([name, list], refuse) => sortByLabel(String(name), list, refuse),
  printf: ([format, ...rest], refuse) => printf(String(format), rest, refuse),
  print: (args) => printValues(args),
  println: (args) => `${args.map(show).join(" ")}\n`,
  len: ([value]) =>
    BigInt(typeof value === "string" ? Buffer.byteLength(value) : Object.keys(value ?? {}).length),
  index: ([value, ...keys], refuse) =>
    keys.reduce((inner, key) => indexOf(inner, key, refuse), value ?? null),
  not: ([value]) => !isTrue(value ?? null),
  and: (args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1) ?? null,
  or: (args) => args.find(isTrue) ?? args.at(-1) ?? null,
  eq: ([left, ...others], refuse) => others.some((other) => areEqual(left ?? null, other, refuse)),
  ne: ([left, right], refuse) => !areEqual(left ?? null, right ?? null, refuse),
  ...Object.fromEntries(
    Object.entries(COMPARISONS).map(([name, holds]): [string, TemplateFunction] => [
      name,
      ([left, right], refuse) => {
        refuseMixed(left ?? null, right ?? null, refuse);
        return holds(left as never, right as never);
      },
    ]),
  ),
};

function numberOf(value: TemplateValue | undefined, refuse: (what: string) => never): number {
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  const number =
    typeof value === "string" && value.trim() !== ""
      ? Number(value.replace(/^([+-]?)Inf$/i, "$1Infinity"))
      : Number.NaN;
  return Number.isNaN(number) && value !== "NaN"
    ? refuse(`${JSON.stringify(show(value ?? null))} as a number`)
    : number;
}

function areEqual(left: TemplateValue, right: TemplateValue, refuse: (what: string) => never): boolean {
  refuseMixed(left, right, refuse);
  return left === right;
}

/** Go compares only values of the same kind; an integer and a float differ in kind. */
function refuseMixed(left: TemplateValue, right: TemplateValue, refuse: (what: string) => never): void {
  if (typeof left !== typeof right || (typeof left === "object" && left !== null)) {
    refuse("incompatible types for comparison");
  }
}

function fieldOf(
  value: TemplateValue | undefined,
  name: string,
  refuse: (what: string) => never,
): TemplateValue {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse("something that is not a sample");
  return (value as Readonly<Record<string, TemplateValue>>)[name] ?? "";
}

function indexOf(value: TemplateValue, key: TemplateValue, refuse: (what: string) => never): TemplateValue {
  if (!Array.isArray(value)) return fieldOf(value, String(key), refuse);
  return (value[Number(key)] as TemplateValue | undefined) ?? refuse(`the index ${String(key)} out of range`);
}

function sortByLabel(
  name: string,
  list: TemplateValue | undefined,
  refuse: (what: string) => never,
): TemplateValue {
  if (!Array.isArray(list)) return refuse("something that is not a list of samples");
  const of = (sample: TemplateValue) => String(fieldOf(fieldOf(sample, "Labels", refuse), name, refuse));
  return list.toSorted((left: TemplateValue, right: TemplateValue) =>
    of(left) < of(right) ? -1 : of(left) > of(right) ? 1 : 0,
  );
}

/** Go's `url.QueryEscape`. */
function queryEscape(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
