import { Argument, type Command } from "commander";
import { platformJsonSchema, releaseJsonSchema } from "../../definition/index.ts";
import { canaryJsonSchema } from "../../gates/index.ts";
import { scenarioJsonSchema } from "../../harness/index.ts";
import type { CommandContext } from "../context.ts";

/** The files that people write, and the JSON Schema of each. */
const SCHEMAS = {
  canary: canaryJsonSchema,
  platform: platformJsonSchema,
  release: releaseJsonSchema,
  scenario: scenarioJsonSchema,
} as const satisfies Record<string, () => unknown>;

/** `kanit schema`. */
export function addSchemaCommand(program: Command, { output }: CommandContext): void {
  const what = new Argument("<file>", "the kind of file").choices(Object.keys(SCHEMAS));
  program
    .command("schema")
    .description("print the JSON Schema of a file, by which editors complete and check it")
    .addArgument(what)
    .action((file: keyof typeof SCHEMAS) => output.line(JSON.stringify(SCHEMAS[file](), null, 2)));
}
