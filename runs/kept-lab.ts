import { isDeepStrictEqual } from "node:util";
import type { Lab, LabOptions } from "../lab/index.ts";

/** What a lab is started with; one that is started with the same can take its place. */
export type LabSetting = Omit<LabOptions, "logDirectory" | "signal" | "secrets">;

/**
 * A lab that stays up between the runs of a command, such as those of a scenario that is being written: the next run
 * begins with a reset, and not with a start.
 */
export class KeptLab implements AsyncDisposable {
  #kept: { readonly lab: Lab; readonly setting: LabSetting } | null = null;

  /** The lab of the last run, if it is whole and was started with the same; else null, and it is stopped. */
  async take(setting: LabSetting): Promise<Lab | null> {
    const kept = this.#kept;
    this.#kept = null;
    if (kept === null) return null;
    if (kept.lab.deaths().length === 0 && isDeepStrictEqual(kept.setting, setting)) return kept.lab;
    await kept.lab.stop();
    return null;
  }

  /** Keeps the lab of a run that has ended. */
  keep(lab: Lab, setting: LabSetting): void {
    this.#kept = { lab, setting };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    await kept?.lab.stop();
  }
}
