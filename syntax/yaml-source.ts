import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from "yaml";
import type { DataPath } from "../core/index.ts";
import { isNestedDeeper } from "./yaml-nesting.ts";

/** A place in a text, counted from one. */
interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Why a text cannot be read, and where. */
interface TextProblem {
  readonly place: TextPlace;
  readonly problem: string;
}

/** The data of a YAML text, and where each part of them stands. */
interface YamlSource {
  readonly data: unknown;
  /** The place of a key or of its value; of what surrounds it, where there is no such. */
  placeOf(path: DataPath, at: "key" | "value"): TextPlace;
}

type YamlReading =
  | { readonly kind: "read"; readonly source: YamlSource }
  | { readonly kind: "unreadable"; readonly problems: readonly TextProblem[] };

const OUT_OF_STACK = /Maximum call stack|Stack overflow/;
const NESTED_TOO_DEEPLY = "parts that are nested too deeply";
/** A definition has about six. */
const MOST_LEVELS = 200;
const MOST_PROBLEMS = 20;
/** Aliases may repeat a part so often; more is a text that would fill the memory. */
const MAX_ALIASES = 100;

const TOO_DEEP: YamlReading = {
  kind: "unreadable",
  problems: [{ place: { line: 1, column: 1 }, problem: NESTED_TOO_DEEPLY }],
};

/** Reads a YAML text of one document. */
export function readYaml(text: string): YamlReading {
  try {
    return isNestedDeeper(text, MOST_LEVELS) ? TOO_DEEP : readDocument(text);
  } catch (error) {
    // What is nested too deeply for the parser's stack, or repeats itself too often.
    const said = error instanceof Error ? error.message : String(error);
    const problem = OUT_OF_STACK.test(said) ? NESTED_TOO_DEEPLY : said;
    return { kind: "unreadable", problems: [{ place: { line: 1, column: 1 }, problem }] };
  }
}

function readDocument(text: string): YamlReading {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" });
  const placeAt = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const list = Array.isArray(documents) ? documents : [];
  const [document, second] = list;
  const problems = list
    .flatMap(({ errors, warnings }) => [...errors, ...warnings])
    .map(({ pos, message }) => ({ place: placeAt(pos[0]), problem: message.replaceAll(/\s*\n\s*/g, " ") }));
  if (second !== undefined) {
    problems.push({ place: placeAt(second.range[0]), problem: "expected one document, got a second one" });
  }
  if (document !== undefined) {
    visit(document, {
      Alias: (_, alias) => {
        if (alias.resolve(document) !== undefined) return;
        const place = placeAt(alias.range?.[0] ?? 0);
        problems.push({ place, problem: `there is no anchor ${alias.source} before it` });
      },
      // A key that is a list or a map is made a text, which takes exponential time where such keys are nested.
      Pair: (_, { key }) => {
        if (isScalar(key) || key === null) return;
        const place = placeAt((key as Node).range?.[0] ?? 0);
        problems.push({ place, problem: "expected a text as key" });
      },
    });
  }
  if (problems.length > 0) return { kind: "unreadable", problems: shortened(problems) };
  if (document === undefined) return { kind: "read", source: { data: undefined, placeOf: () => placeAt(0) } };
  const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
  const offsetOf = (path: DataPath, at: "key" | "value") => offsetIn(document, path, at);
  return { kind: "read", source: { data, placeOf: (path, at) => placeAt(offsetOf(path, at)) } };
}

/**
 * The parser reports one problem for each nested level that is not closed. The first of them are enough to
 * repair it.
 */
function shortened(problems: readonly TextProblem[]): readonly TextProblem[] {
  const deep = problems.find(({ problem }) => OUT_OF_STACK.test(problem));
  if (deep !== undefined) return [{ place: deep.place, problem: NESTED_TOO_DEEPLY }];
  return problems.slice(0, MOST_PROBLEMS);
}

/** The offset of a path's end, or of what it comes to before it leads nowhere. */
function offsetIn(document: Document, path: DataPath, at: "key" | "value"): number {
  let node = nodeOf(document, document.contents);
  let keyOffset = node?.range?.[0] ?? 0;
  for (const key of path) {
    const next = entryOf(document, node, key);
    if (next === null) break;
    node = next.node;
    keyOffset = next.keyOffset;
    if (node === null) break;
  }
  const isEmpty = node === null || (isScalar(node) && node.source === "");
  return at === "key" || isEmpty ? keyOffset : (node?.range?.[0] ?? keyOffset);
}

interface Entry {
  readonly node: Node | null;
  readonly keyOffset: number;
}

function entryOf(document: Document, node: Node | null, key: PropertyKey): Entry | null {
  if (isMap(node)) {
    const pair = node.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === key);
    if (pair === undefined) return null;
    const keyOffset = (pair.key as Node | null)?.range?.[0] ?? node.range?.[0] ?? 0;
    return { node: nodeOf(document, pair.value), keyOffset };
  }
  if (!isSeq(node) || typeof key !== "number" || key >= node.items.length) return null;
  const item = nodeOf(document, node.items[key]);
  return { node: item, keyOffset: item?.range?.[0] ?? node.range?.[0] ?? 0 };
}

function nodeOf(document: Document, value: unknown): Node | null {
  if (isAlias(value)) return (value.resolve(document) as Node | undefined) ?? null;
  return (value as Node | null | undefined) ?? null;
}
