import { readFile } from "node:fs/promises";
import { posix } from "node:path";
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
    compiled.set(path, { path: compiledName(path), text: withoutIndentation(outputText) });
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

/** The same module without indentation, which would be a tenth of the package. */
function withoutIndentation(compiled: string): string {
  const templates = templatesIn(compiled);
  let start = 0;
  return compiled
    .split("\n")
    .map((line) => {
      const lineStart = start;
      start += line.length + 1;
      // Within a template the spaces are its text.
      const isText = templates.some(({ pos, end }) => pos < lineStart && lineStart < end);
      return isText ? line : line.trimStart();
    })
    .join("\n");
}

/** The parts of a module that are text over several lines. */
function templatesIn(compiled: string): readonly Pick<ts.Node, "pos" | "end">[] {
  const source = ts.createSourceFile("module.js", compiled, ts.ScriptTarget.ES2024, true, ts.ScriptKind.JS);
  const found: Pick<ts.Node, "pos" | "end">[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateLiteralToken(node)) found.push({ pos: node.getStart(source), end: node.end });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.filter(({ pos, end }) => compiled.slice(pos, end).includes("\n"));
}
