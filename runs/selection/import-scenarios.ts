import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { EXIT_CODE, shown } from "../../core/index.ts";
import { offerKanit } from "./offer-kanit.ts";

/** What a module exports as scenarios, not checked yet; or why there is nothing, as a line. */
export type ImportedScenarios =
  | { readonly kind: "imported"; readonly scenarios: readonly ExportedScenario[] }
  | { readonly kind: "unusable"; readonly problem: string };

interface ExportedScenario {
  /** The name of the export: `default`, or `suite[1]` of a list. */
  readonly name: string;
  readonly data: unknown;
}

/** A module that takes longer waits for something that a scenario has nothing to do with. */
const LOADING_LIMIT_MS = 10_000;

/** Imports a module of the user's and finds the scenarios among its exports. */
export async function importScenarios(path: string): Promise<ImportedScenarios> {
  const url = pathToFileURL(resolve(path)).href;
  let exported: Readonly<Record<string, unknown>>;
  try {
    using _kanit = offerKanit();
    exported = await withoutEndingTheProcess(path, () => withinLimit(import(url)));
  } catch (error) {
    return { kind: "unusable", problem: await problemOf(path, error) };
  }
  const scenarios = Object.entries(exported).flatMap(([name, value]) => scenariosIn(name, value));
  if (scenarios.length > 0) return { kind: "imported", scenarios };
  const names = Object.keys(exported);
  const got = names.length === 0 ? "no exports" : `the exports ${names.join(", ")}, none of which is one`;
  return { kind: "unusable", problem: `${path}: expected a scenario as default or named export, got ${got}` };
}

/** The keys by which an object of a module, which may export other things too, is taken for a scenario. */
const TELLTALE_KEYS = ["hypothesis", "faults", "expectation"];

function scenariosIn(name: string, value: unknown): readonly ExportedScenario[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => scenariosIn(`${name}[${index}]`, item));
  }
  const isScenario =
    typeof value === "object" && value !== null && TELLTALE_KEYS.some((key) => Object.hasOwn(value, key));
  return isScenario || name === "default" ? [{ name, data: value }] : [];
}

/** A module that ends the process would end the command with a code that it chose, such as 0. */
async function withoutEndingTheProcess<T>(path: string, load: () => Promise<T>): Promise<T> {
  const onExit = () => {
    process.stderr.write(`${path}: expected a module that loads, got one that ended the process\n`);
    process.exitCode = EXIT_CODE.usage;
  };
  process.once("exit", onExit);
  try {
    return await load();
  } finally {
    process.off("exit", onExit);
  }
}

async function withinLimit<T>(loading: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      limit.reject(
        new Error(`no result within ${LOADING_LIMIT_MS / 1_000} s: the module waits for something`),
      ),
    LOADING_LIMIT_MS,
  );
  try {
    return await Promise.race([loading, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function problemOf(path: string, error: unknown): Promise<string> {
  const place = await placeOf(path, error);
  return `${path}${place}: expected a module that loads, got ${messageOf(error)}`;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return shown(error);
  const text = error.message.replaceAll(/\s*\n\s*/g, " ").trim();
  return error.name === "Error" ? text : `${error.name}: ${text}`;
}

/** The place in the module itself at which it failed, as `:12:5`; empty where it is in another or not known. */
async function placeOf(path: string, error: unknown): Promise<string> {
  if (!(error instanceof Error)) return "";
  const file = resolve(path);
  const stack = error.stack ?? "";
  const isPlaceless = error instanceof SyntaxError && !stack.includes(file);
  const text = isPlaceless ? await syntaxCheck(file) : stack;
  const at = text.indexOf(file);
  if (at === -1) return "";
  const [, line, column] = /^:(\d+)(?::(\d+))?/.exec(text.slice(at + file.length)) ?? [];
  if (line === undefined) return "";
  // Of a syntax error the column is shown by a caret below the line.
  const caret = text.split("\n").find((each) => /^\s*\^+$/.test(each));
  const shownColumn = column ?? (caret === undefined ? undefined : String(caret.indexOf("^") + 1));
  return shownColumn === undefined ? `:${line}` : `:${line}:${shownColumn}`;
}

const SYNTAX_LIMIT_MS = 10_000;

/** What Node says of a module's syntax: an error of `import` does not say where it is. */
async function syntaxCheck(file: string): Promise<string> {
  const { promise, resolve: answer } = Promise.withResolvers<string>();
  execFile(process.execPath, ["--check", file], { timeout: SYNTAX_LIMIT_MS }, (_, __, said) => answer(said));
  return promise;
}
