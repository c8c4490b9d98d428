import { writeSync } from "node:fs";
import { rehearse } from "./rehearsed-rollback.ts";

/**
 * A program that rolls back, to be killed: `node rollback-program.ts <folder> <stop after>`. Each line of the journal
 * is printed; after the one that is named it does nothing any more.
 */
const [folder = ".", stopAfter = ""] = process.argv.slice(2);
const FOREVER_MS = 600_000;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

await rehearse({
  folder,
  options: {
    onEntry: (entry) => {
      const line = "step" in entry.data ? `${entry.kind} ${entry.data.step}` : entry.kind;
      writeSync(1, `${line}\n`);
      if (line === stopAfter) Atomics.wait(sleeper, 0, 0, FOREVER_MS);
    },
  },
});
