import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnavailableError } from "../../core/index.ts";

const LIBRARY = "libfaketime.so.1";
/** Where distributions install it; some have a folder for each architecture between. */
const ROOTS = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];

/** The clock of a program into which libfaketime is preloaded. */
export interface FakedClock {
  /** The variables by which the program is started. */
  readonly environment: Readonly<Record<string, string>>;
  /** Makes the program's time of day differ from the machine's by so many ms, within about two seconds. */
  set(offsetMs: number): Promise<void>;
}

/**
 * Prepares a clock that can be set, by a file in this folder. The program still waits by the clock that is never set.
 *
 * @throws UnavailableError `no-libfaketime` where it is not installed.
 */
export async function prepareFakedClock(directory: string): Promise<FakedClock> {
  const library = await findLibrary();
  if (library === null) throw notInstalled();
  const path = join(directory, "clock-offset");
  const set = async (offsetMs: number): Promise<void> => {
    // At once, since the program may read it at any moment.
    await writeFile(`${path}.new`, `${offsetMs < 0 ? "-" : "+"}${Math.abs(offsetMs) / 1_000}\n`);
    await rename(`${path}.new`, path);
  };
  await set(0);
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: path,
      // In seconds. To read it at each look at the clock makes a program of several threads stand still under load.
      FAKETIME_CACHE_DURATION: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
    set,
  };
}

/** The path of libfaketime on this machine; null where it is not installed. */
export async function findLibrary(roots: readonly string[] = ROOTS): Promise<string | null> {
  for (const root of roots) {
    const names = await readdir(root).catch((): string[] => []);
    for (const folder of [root, ...names.map((name) => join(root, name))]) {
      const inFolder = await readdir(join(folder, "faketime")).catch((): string[] => []);
      if (inFolder.includes(LIBRARY)) return join(folder, "faketime", LIBRARY);
    }
  }
  return null;
}

function notInstalled(): UnavailableError {
  return new UnavailableError({
    code: "no-libfaketime",
    message: `Expected libfaketime for the fault clock-step, but ${LIBRARY} is not in ${ROOTS.join(", ")}.`,
    nextStep: "Install it: apt-get install libfaketime. It is for Linux only.",
  });
}
