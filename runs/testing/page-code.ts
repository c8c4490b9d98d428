import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** A block of code whose first line is a comment with the file's path. */
const FILE_BLOCK = /^```(?:ts|yaml)\n(?:\/\/|#) ([\w./-]+\.(?:ts|yml))\n(.*?)^```$/gms;

/** The files of a page of docs/, written to a temporary folder, which can be removed. */
export interface PageCode {
  /** Where a file of the page was written, by its path in the project. */
  pathOf(file: string): string;
  /** The paths in the project of the page's TypeScript files. */
  readonly modules: readonly string[];
  readonly folder: string;
}

/**
 * Writes the files that a page contains in full to a temporary folder. Files that they import and the page
 * does not contain are taken from the project.
 */
export async function writePageCode(page: string): Promise<PageCode> {
  const text = await readFile(join(ROOT, "docs", page), "utf8");
  const files = new Map([...text.matchAll(FILE_BLOCK)].map(([, file = "", code = ""]) => [file, code]));
  const folder = await mkdtemp(join(tmpdir(), "kanit-page-"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  for (const [file, code] of files) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, fromProject(file, code, files));
  }
  return {
    folder,
    modules: [...files.keys()].filter((file) => file.endsWith(".ts")),
    pathOf: (file) => {
      if (!files.has(file))
        throw new TypeError(`Expected ${page} to show ${file}, got ${[...files.keys()]}.`);
      return join(folder, file);
    },
  };
}

function fromProject(file: string, code: string, files: ReadonlyMap<string, string>): string {
  return code.replaceAll(/(from ")(\.[^"]+)(")/g, (whole, before, specifier, after) => {
    const target = join(dirname(file), specifier);
    return files.has(target) ? whole : `${before}${join(ROOT, target)}${after}`;
  });
}

/** The compiler's errors for some files, under the project's own options; empty when they compile. */
export function compilerComplaints(paths: readonly string[]): readonly string[] {
  const config = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const { tsBuildInfoFile: _, ...options } = parsed.options;
  const typeRoots = [join(ROOT, "node_modules", "@types")];
  const program = ts.createProgram([...paths], { ...options, incremental: false, typeRoots });
  return paths.flatMap((path) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")),
  );
}
