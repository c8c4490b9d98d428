import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import ts from "typescript";

/**
 * Returns the type declarations of a module as one text, with all of ours that they refer to and nothing else: rooms'
 * index files lead to far more.
 *
 * @param root The checkout.
 * @param entry From there.
 */
export async function bundleDeclarations(root: string, entry: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kanit-declarations-"));
  try {
    await emitDeclarations(root, entry, folder);
    const input = join(folder, entry.replace(/\.ts$/, ".d.ts"));
    const plugins = [dts({ tsconfig: join(root, "tsconfig.json") })];
    const build = await rollup({ input, external: /^[^./]/, plugins });
    const { output } = await build.generate({});
    await build.close();
    // Four spaces for each step would be a tenth of it.
    return output[0].code.replaceAll(/^(?: {4})+/gm, (indent) => "\t".repeat(indent.length / 4));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the declarations of a module and of all that it imports, file by file. */
async function emitDeclarations(root: string, entry: string, folder: string): Promise<void> {
  const options: ts.CompilerOptions = {
    ...compilerOptions(root),
    noEmit: false,
    incremental: false,
    declaration: true,
    emitDeclarationOnly: true,
  };
  const written = new Map<string, string>();
  const program = ts.createProgram([join(root, entry)], options);
  program.emit(undefined, (path, text) => written.set(path, text), undefined, true);
  for (const [path, text] of written) {
    const target = join(folder, relative(root, path));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

function compilerOptions(root: string): ts.CompilerOptions {
  const path = join(root, "tsconfig.json");
  const { config } = ts.readConfigFile(path, ts.sys.readFile) as { readonly config: unknown };
  return ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, root).options;
}
