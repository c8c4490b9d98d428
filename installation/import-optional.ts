import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UnavailableError } from "../core/index.ts";
import { INSTALLATION } from "./installation.ts";

const manifest = z.object({ peerDependencies: z.record(z.string(), z.string()) });

/** Packages that only some commands need, and that are therefore not installed with kanit. */
export interface OptionalPackages {
  readonly packages: readonly string[];
  /** What needs them, as the message says it: `kanit contracts verify`. */
  readonly neededFor: string;
}

/**
 * Imports what needs optional packages.
 *
 * @throws UnavailableError `package-missing`, with the command that installs them, when one is not there.
 */
export async function importOptional<T>(
  { packages, neededFor }: OptionalPackages,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const missing = packages.find((name) => isMissing(cause, name));
    if (missing === undefined) throw cause;
    throw new UnavailableError({
      code: "package-missing",
      message: `Expected the npm package ${missing}, which ${neededFor} needs, but it is not installed.`,
      nextStep: await howToInstall(packages),
      cause,
    });
  }
}

/** Of an import, and of a path that is looked up. */
const NOT_FOUND: ReadonlySet<unknown> = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"]);

function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !("code" in error) || !NOT_FOUND.has(error.code)) return false;
  return error.message.includes(`'${name}'`);
}

async function howToInstall(packages: readonly string[]): Promise<string> {
  if (INSTALLATION.kind === "checkout") return "Run `npm ci`.";
  const text = await readFile(join(INSTALLATION.directory, "package.json"), "utf8");
  const { peerDependencies } = manifest.parse(JSON.parse(text));
  const wanted = packages.map((name) => `${name}@${peerDependencies[name] ?? "latest"}`);
  return `Install it: npm install --save-dev ${wanted.join(" ")}`;
}
