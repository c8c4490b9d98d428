import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { describeMistake, type Mistake } from "../../core/index.ts";
import { checkScenario, type RunFacts, type Scenario } from "../../harness/index.ts";
import { readYaml } from "../../syntax/index.ts";
import { importScenarios } from "./import-scenarios.ts";

/** The endings of files that hold scenarios. */
export const YAML_ENDINGS: readonly string[] = [".yml", ".yaml"];
export const MODULE_ENDINGS: readonly string[] = [".ts", ".mts", ".js", ".mjs"];

/** A file that holds scenarios: those that can be carried out, and all mistakes in it, one line each. */
export interface LoadedFile {
  /** As it was named. */
  readonly path: string;
  readonly sha256: string;
  readonly scenarios: readonly Scenario[];
  readonly mistakes: readonly string[];
  /** What may be a mistake, one line each. */
  readonly warnings: readonly string[];
}

/** A scenario is some kilobytes; a larger file is something else. */
const LARGEST_BYTES = 1_000_000;

/** Reads a file of scenarios and checks them. Whatever is wrong with it is a line of its mistakes. */
export async function loadFile(path: string, facts: RunFacts): Promise<LoadedFile> {
  const unusable = (problem: string): LoadedFile => ({
    ...{ path, sha256: "", scenarios: [], warnings: [] },
    mistakes: [`${path}: expected a file of scenarios, got ${problem}`],
  });
  let text: string;
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return unusable("a folder without any");
    if (!stats.isFile()) return unusable("a pipe, a device or a socket");
    if (stats.size > LARGEST_BYTES) return unusable(`${stats.size} bytes, where ${LARGEST_BYTES} are enough`);
    text = await readFile(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    return unusable(code === "ENOENT" ? "no such file" : `one that cannot be read (${code})`);
  }
  const sha256 = createHash("sha256").update(text).digest("hex");
  const found = YAML_ENDINGS.some((ending) => path.endsWith(ending))
    ? fromYaml(path, text, facts)
    : await fromModule(path, facts);
  return { path, sha256, ...found };
}

type Found = Pick<LoadedFile, "scenarios" | "mistakes" | "warnings">;

function fromYaml(path: string, text: string, facts: RunFacts): Found {
  const reading = readYaml(text);
  if (reading.kind === "unreadable") {
    const mistakes = reading.problems.map(
      ({ place, problem }) => `${path}:${place.line}:${place.column}: expected YAML, got: ${problem}`,
    );
    return { scenarios: [], mistakes, warnings: [] };
  }
  const { data, placeOf } = reading.source;
  const checked = checkScenario(data, facts);
  const linesOf = (mistakes: readonly Mistake[]) =>
    mistakes
      .map((mistake) => ({ mistake, ...placeOf(mistake.path, mistake.at) }))
      .toSorted((one, other) => one.line - other.line || one.column - other.column)
      .map(({ mistake, line, column }) => `${path}:${line}:${column}: ${describeMistake(mistake)}`);
  return checked.kind === "valid"
    ? { scenarios: [checked.scenario], mistakes: [], warnings: linesOf(checked.warnings) }
    : { scenarios: [], mistakes: linesOf(checked.mistakes), warnings: [] };
}

async function fromModule(path: string, facts: RunFacts): Promise<Found> {
  const imported = await importScenarios(path);
  if (imported.kind === "unusable") return { scenarios: [], mistakes: [imported.problem], warnings: [] };
  const scenarios: Scenario[] = [];
  const mistakes: string[] = [];
  const warnings: string[] = [];
  for (const { name, data } of imported.scenarios) {
    const lineOf = (mistake: Mistake) => `${path} (${name}): ${describeMistake(mistake)}`;
    const checked = checkScenario(data, facts);
    if (checked.kind === "mistakes") mistakes.push(...checked.mistakes.map(lineOf));
    else {
      scenarios.push(checked.scenario);
      warnings.push(...checked.warnings.map(lineOf));
    }
  }
  return { scenarios, mistakes, warnings };
}
