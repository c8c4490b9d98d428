/** Writes the pages of `docs/` that come from the code: `node project/generate-docs.ts`. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { GENERATED_PAGES } from "./generated-pages.ts";

for (const { path, write } of GENERATED_PAGES) {
  await writeFile(fileURLToPath(new URL(`../${path}`, import.meta.url)), write());
  process.stdout.write(`${path}\n`);
}
