/** Writes the files that come from the code, in `docs/` and `docker/`: `node project/generate-docs.ts`. */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { GENERATED_PAGES } from "./generated-pages.ts";

for (const { path, write } of GENERATED_PAGES) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const current = await readFile(file, "utf8").catch(() => "");
  await writeFile(file, write(current));
  process.stdout.write(`${path}\n`);
}
