import { EXIT_CODE } from "../core/index.ts";

// Imported before all other modules: without a working folder Node throws wherever a path is made, with the exit
// code of a failed run.
try {
  process.cwd();
} catch {
  process.stderr.write(
    "kanit: Expected a working folder, but it was removed. Change to one that is there: cd <folder>.\n",
  );
  process.exit(EXIT_CODE.unavailable);
}
