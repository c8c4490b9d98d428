import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { EXIT_CODE, shown } from "../../core/index.ts";
import { offerKanit } from "./offer-kanit.ts";

/** What a module of the user's exports, by name; or why it cannot be loaded, as a line. */
export type ImportedModule =
  | { readonly kind: "imported"; readonly exported: Readonly<Record<string, unknown>> }
  | { readonly kind: "unusable"; readonly problem: string };

/** A module that takes longer waits for something that has nothing to do with what it exports. */
const LOADING_LIMIT_MS = 10_000;

/** Imports a module of the user's. `kanit` in its imports is the kanit that runs. */
export async function importModule(path: string): Promise<ImportedModule> {
  try {
    // A file that was saved again is another module.
    const url = `${pathToFileURL(resolve(path)).href}?saved=${(await stat(path)).mtimeMs}`;
    using _kanit = offerKanit();
    return {
      kind: "imported",
      exported: await withoutEndingTheProcess(path, () => withinLimit(import(url))),
    };
  } catch (error) {
    return { kind: "unusable", problem: await problemOf(path, error) };
  }
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
  const [, line, column] = /^(?:\?saved=[\d.]+)?:(\d+)(?::(\d+))?/.exec(text.slice(at + file.length)) ?? [];
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
