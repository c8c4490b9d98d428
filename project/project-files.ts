import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "./directories.ts";

function listFiles(...flags: readonly string[]): string[] {
  const output = execFileSync("git", ["ls-files", ...flags], { cwd: PROJECT_DIRECTORY, encoding: "utf8" });
  return output.split("\n").filter((file) => file !== "" && existsSync(join(PROJECT_DIRECTORY, file)));
}

/** The project's own files: what git tracks, and what it would track. */
export const PROJECT_FILES: readonly string[] = listFiles("--cached", "--others", "--exclude-standard");

/** Files that git tracks although .gitignore lists them as generated. */
export const IGNORED_AND_TRACKED: readonly string[] = listFiles(
  "--cached",
  "--ignored",
  "--exclude-standard",
);

export const SOURCE_FILES: readonly string[] = PROJECT_FILES.filter((file) =>
  /\.(ts|mjs|cjs|js)$/.test(file),
);
export const PAGES: readonly string[] = PROJECT_FILES.filter((file) => file.endsWith(".md"));

/** Reads one of them. */
export function readProjectFile(file: string): string {
  return readFileSync(join(PROJECT_DIRECTORY, file), "utf8");
}
