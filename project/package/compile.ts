import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { minify } from "terser";
import ts from "typescript";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
  // They are in the sources, and would be a fifth of the package.
  removeComments: true,
};

/** A module of kanit as JavaScript. */
export interface CompiledModule {
  /** From the package's root: `cli/main.js`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Compiles modules and all that they import, each once.
 *
 * @param root The checkout.
 */
export async function compileModules(
  root: string,
  entries: readonly string[],
): Promise<readonly CompiledModule[]> {
  const compiled = new Map<string, CompiledModule>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (compiled.has(path)) continue;
    const source = await readFile(posix.join(root, path), "utf8");
    const { outputText } = ts.transpileModule(source, { compilerOptions: OPTIONS, fileName: path });
    compiled.set(path, { path: compiledName(path), text: await shortened(outputText) });
    waiting.push(...importsOf(path, outputText));
  }
  return [...compiled.values()];
}

/** The sources of the modules of ours that a compiled module imports. */
function importsOf(path: string, compiled: string): string[] {
  const { importedFiles } = ts.preProcessFile(compiled, true, true);
  const own = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith("."));
  return own
    .filter((name) => name.endsWith(".js"))
    .map((name) => posix.join(posix.dirname(path), name.replace(/\.js$/, ".ts")));
}

function compiledName(path: string): string {
  return path.replace(/\.ts$/, ".js");
}

/**
 * The same module in about two thirds of its size. Functions and classes keep their names, and statements their lines,
 * so that a stack trace still says where an error came from.
 */
async function shortened(compiled: string): Promise<string> {
  const { code = "" } = await minify(compiled, {
    module: true,
    compress: false,
    mangle: { keep_fnames: true, keep_classnames: true },
    format: { semicolons: false },
  });
  return code;
}
