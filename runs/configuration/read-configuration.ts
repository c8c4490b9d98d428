import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { describeMistakes, parseData, UsageError } from "../../core/index.ts";
import { ALL_INVARIANTS } from "../../harness/index.ts";
import { importModule } from "../selection/import-module.ts";
import { type Configuration, type ConfigurationInput, NO_CONFIGURATION } from "./configuration.ts";

/** The names of the file, of which the first that exists is read. */
const NAMES = ["kanit.config.ts", "kanit.config.mts", "kanit.config.js", "kanit.config.mjs"] as const;

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Expected words in lower case joined by -");
const callable = z.custom<unknown>((value) => typeof value === "function", "Expected a function");
const ownName = name.refine((text) => !(ALL_INVARIANTS as readonly string[]).includes(text), {
  error: "Expected a name that no invariant of kanit has",
});
const uniquely = (items: readonly { readonly name: string }[]) =>
  new Set(items.map((item) => item.name)).size === items.length;
const EACH_ONCE = "Expected each name once";

const schema = z.strictObject({
  platform: z.string().min(1).optional(),
  rules: z.array(z.string().min(1)).optional(),
  faults: z
    .array(z.looseObject({ name, summary: z.string().min(1), inject: callable }))
    .refine(uniquely, EACH_ONCE)
    .optional(),
  invariants: z
    .array(z.looseObject({ name: ownName, statement: z.string().min(1), check: callable }))
    .refine(uniquely, EACH_ONCE)
    .optional(),
});

/**
 * Reads `kanit.config.ts` (or `.mts`, `.js`, `.mjs`) in a folder. Without one there is nothing to add.
 *
 * @throws UsageError `bad-configuration` naming the file, the place, what was expected and what came.
 */
export async function readConfiguration(folder: string): Promise<Configuration> {
  const file = NAMES.map((each) => join(folder, each)).find((path) => existsSync(path));
  if (file === undefined) return NO_CONFIGURATION;
  const imported = await importModule(file);
  if (imported.kind === "unusable") throw unusable(imported.problem);
  const { default: exported } = imported.exported;
  const parsed = parseData(schema, exported);
  if (parsed.kind === "mistakes")
    throw unusable(
      `${file}: expected a configuration as its default export, got ${describeMistakes(parsed.mistakes)}`,
    );
  const { platform, rules = [], faults = [], invariants = [] } = exported as ConfigurationInput;
  const from = (path: string) => resolve(dirname(file), path);
  return {
    platform: platform === undefined ? null : from(platform),
    rules: rules.map(from),
    extensions: { faults, invariants },
  };
}

function unusable(problem: string): UsageError {
  return new UsageError({
    code: "bad-configuration",
    message: `${problem.replace(/[.]?$/, ".")}`,
    nextStep: "docs/configuration.md shows one.",
  });
}
