import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Mutant } from "../engine/mutant.ts";

const execute = promisify(execFile);
const EMPTIED = "scripts/60s-preflight.sh";

/** A script is there by its name, with nothing in it. */
export const emptiedArtifact: Mutant = {
  what: `${EMPTIED} is emptied in a copy of the repository.`,
  apply: async ({ target, directory, signal }) => {
    const { artifacts } = target.parts;
    if (artifacts === null) throw new Error("there are no artifacts");
    const copy = join(directory, "emptied");
    await execute("git", ["clone", "--quiet", "--shared", artifacts.directory, copy], { signal });
    await writeFile(join(copy, EMPTIED), "");
    return {
      effect: `${EMPTIED}: 0 bytes`,
      parts: { artifacts: { ...artifacts, directory: copy } },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
