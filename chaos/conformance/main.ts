import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { EXIT_CODE, KanitError, UnavailableError } from "../../core/index.ts";
import { DIFFERENCES_PATH, renderDifferences, WRITE_COMMAND } from "./differences.ts";
import { kanit } from "./engines/kanit-engine.ts";
import { findToxiproxy } from "./engines/toxiproxy-engine.ts";
import { observeAll } from "./improvements/improvements.ts";

// Tests the improvements on both engines and prints the document about them; `--write` writes it to its file.
try {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  const toxiproxy = await findToxiproxy();
  if (toxiproxy.kind === "missing") {
    throw new UnavailableError({
      code: "no-toxiproxy",
      message: `Expected to build Toxiproxy with Go, got: ${toxiproxy.why}.`,
      nextStep: `Install Go (https://go.dev/dl) and try again: ${WRITE_COMMAND}`,
    });
  }
  const observed = { kanit: await observeAll(kanit), toxiproxy: await observeAll(toxiproxy.engine) };
  const text = renderDifferences(observed);
  if (values.write)
    await writeFile(fileURLToPath(new URL(`../../${DIFFERENCES_PATH}`, import.meta.url)), text);
  else process.stdout.write(text);
} catch (error) {
  const known = error instanceof KanitError;
  process.stderr.write(`kanit: ${known ? `${error.message} ${error.nextStep}` : String(error)}\n`);
  process.exitCode = known ? error.exitCode : EXIT_CODE.internal;
}
