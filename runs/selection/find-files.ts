import { existsSync, statSync } from "node:fs";
import { glob, readdir } from "node:fs/promises";
import { join } from "node:path";
import { MODULE_ENDINGS, YAML_ENDINGS } from "./loaded-file.ts";

const ENDINGS = [...YAML_ENDINGS, ...MODULE_ENDINGS];

/** Whether a selector names a file or a folder, and not a scenario: by a slash, or by its ending. */
export function namesFile(selector: string): boolean {
  return /[/\\]/.test(selector) || ENDINGS.some((ending) => selector.replace(/#[^#]*$/, "").endsWith(ending));
}

/** The files that a path, a folder or a pattern of paths stands for, in the order of their names. */
export async function filesOf(pattern: string): Promise<readonly string[]> {
  if (existsSync(pattern)) return statSync(pattern).isDirectory() ? filesIn(pattern) : [pattern];
  if (!/[*?[{]/.test(pattern)) return [pattern];
  const paths: string[] = [];
  for await (const path of glob(pattern)) paths.push(path);
  return paths.filter(holdsScenarios).toSorted();
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names
    .filter(holdsScenarios)
    .toSorted()
    .map((name) => join(folder, name));
}

/** Tests and declarations lie beside modules of scenarios, and are none. */
function holdsScenarios(path: string): boolean {
  return ENDINGS.some((ending) => path.endsWith(ending)) && !/\.(test|spec|d)\.[cm]?[jt]s$/.test(path);
}
