import { type Alias, isAlias, isMap, isScalar, isSeq, parseAllDocuments, Scalar } from "yaml";
import { z } from "zod";

/** YAML as Prometheus reads it: every scalar is its original text, or null when it is empty. */
type YamlTexts = string | null | readonly YamlTexts[] | { readonly [name: string]: YamlTexts };

/** Nested aliases can expand without limit; Prometheus refuses such files too. */
const MAX_NODES = 1_000_000;
const NULL = /^(?:|~|null|Null|NULL)$/;

/**
 * Reads the first document of a text; Prometheus ignores the others. Unquoted scalars keep their text
 * (`1.10`, `True`, `0777`), as Go's decoder passes it to a string field, and merge keys (`<<`) are expanded.
 *
 * @throws YAMLParseError for invalid YAML, Error for aliases that expand without limit.
 */
export function readYamlTexts(text: string): YamlTexts {
  const documents = parseAllDocuments(text, { schema: "failsafe", merge: false });
  if (!Array.isArray(documents)) return null;
  const [document] = documents;
  if (document === undefined) return null;
  const [error] = document.errors;
  if (error !== undefined) throw error;
  let visited = 0;
  const read = (node: unknown): YamlTexts => {
    visited++;
    if (visited > MAX_NODES)
      throw new Error(`more than ${MAX_NODES} values, counted with what aliases repeat`);
    if (isAlias(node)) return read(targetOf(node));
    if (isScalar(node)) return textOf(node);
    if (isSeq(node)) return node.items.map(read);
    return isMap(node) ? readMap(node.items) : null;
  };
  // Cached, because the library searches the whole document for each look-up.
  const targets = new Map<Alias, unknown>();
  const targetOf = (alias: Alias): unknown => {
    if (!targets.has(alias)) targets.set(alias, alias.resolve(document));
    return targets.get(alias);
  };
  const readMap = (pairs: readonly { readonly key: unknown; readonly value: unknown }[]) => {
    const merged = new Map<string, YamlTexts>();
    const own = new Map<string, YamlTexts>();
    for (const { key, value } of pairs) {
      const name = isScalar(key) ? String(key.value) : String(read(key));
      if (name === "<<" && isScalar(key) && key.type === Scalar.PLAIN) mergeInto(merged, read(value));
      else own.set(name, read(value));
    }
    return Object.fromEntries([...merged, ...own]);
  };
  return read(document.contents);
}

/** The first of several merged maps that has a key counts. */
function mergeInto(target: Map<string, YamlTexts>, value: YamlTexts): void {
  if (Array.isArray(value)) for (const one of value) mergeInto(target, one);
  else if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) if (!target.has(name)) target.set(name, inner);
  } else throw new Error("map merge requires map or sequence of maps as the value");
}

function textOf(scalar: Scalar): string | null {
  const text = String(scalar.value ?? "");
  return scalar.type === Scalar.PLAIN && scalar.tag === undefined && NULL.test(text) ? null : text;
}

/** A struct of Prometheus's files: unknown fields are refused, and a null field counts as absent. */
export function yamlStruct<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(withoutNulls, z.strictObject(shape));
}

function withoutNulls(value: unknown): unknown {
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null));
}

/** A map of texts, in which null is the empty text. */
export const yamlTextMap = z
  .record(z.string(), z.string().nullable())
  .transform((texts) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text ?? ""])));
