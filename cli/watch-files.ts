import { existsSync, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UsageError } from "../core/index.ts";

/** An editor writes a file in several steps, of which the last counts. */
const QUIET_MS = 150;

/** The files and folders among selectors of scenarios, without what selects one scenario of a file. */
export function watchable(selectors: readonly string[]): readonly string[] {
  const paths = selectors.map((selector) => selector.replace(/#.*$/, "")).filter((path) => existsSync(path));
  if (paths.length > 0) return paths.map((path) => resolve(path));
  throw new UsageError({
    code: "nothing-to-watch",
    message: "Expected the file of a scenario with --watch, got none.",
    nextStep: "Name it: kanit run chaos/slow-venue.yml --watch.",
  });
}

/** The changes of some files, from the moment at which they are watched. */
export class FileChanges implements Disposable {
  readonly #watchers: readonly Disposable[];
  #changed = Promise.withResolvers<void>();

  constructor(paths: readonly string[]) {
    this.#watchers = paths.map((path) => {
      // The folder is watched: an editor may put another file in the place of the one that was there.
      const watcher = watch(dirname(path), (_, name) => {
        if (name === null || name === basename(path)) this.#changed.resolve();
      });
      const inside = watch(path, () => this.#changed.resolve());
      // What cannot be watched any more, such as a file that was replaced, changes nothing.
      for (const each of [watcher, inside]) each.on("error", () => undefined);
      return {
        [Symbol.dispose]: () => {
          watcher.close();
          inside.close();
        },
      };
    });
  }

  /** Resolves with true after the next change, also one since the last call; with false when it is aborted. */
  async next(signal: AbortSignal): Promise<boolean> {
    const aborted = Promise.withResolvers<void>();
    const onAbort = () => aborted.resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    await Promise.race([this.#changed.promise, aborted.promise]);
    signal.removeEventListener("abort", onAbort);
    if (signal.aborted) return false;
    await delay(QUIET_MS);
    this.#changed = Promise.withResolvers<void>();
    return !signal.aborted;
  }

  [Symbol.dispose](): void {
    for (const watcher of this.#watchers) watcher[Symbol.dispose]();
  }
}
