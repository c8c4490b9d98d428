import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UnavailableError } from "../../core/index.ts";
import { controlGroupOf, labMark } from "./lab-mark.ts";

const SCRIPT = readFileSync(fileURLToPath(new URL("lab-guard.sh", import.meta.url)), "utf8");

/** What of a lab's folder stays when the lab has ended: of one that did not get ready, its logs, where it had them. */
export type KeptOfLab = "nothing" | "logs";

/**
 * Ends what the guards of a lab's processes left, and removes the lab's folder: when it is asked to, or when this
 * process has ended in any way. See lab-guard.sh.
 */
export class LabGuard {
  readonly #labDirectory: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  private constructor(labDirectory: string, child: ChildProcess) {
    this.#labDirectory = labDirectory;
    this.#child = child;
    this.#exited = new Promise((resolve) => child.once("exit", resolve));
    // A guard that somebody ended closes its end: that is seen as its exit.
    child.stdin?.on("error", () => child.stdin?.destroy());
    // It ends with this process and must not keep it.
    child.unref();
  }

  /** Starts to guard the lab with this folder, which need not exist yet. */
  static async start(labDirectory: string): Promise<LabGuard> {
    const mark = Object.entries(labMark(labDirectory)).map((entry) => entry.join("="));
    const group = (await controlGroupOf(labDirectory)) ?? "-";
    const args = ["-c", SCRIPT, "lab-guard.sh", ...mark, labDirectory, group];
    try {
      // In a session of its own, since a terminal's Ctrl-C goes to the whole group of the runner.
      const child = spawn("/bin/sh", args, {
        cwd: "/",
        env: { PATH: "/bin:/usr/bin", LC_ALL: "C" },
        stdio: ["pipe", "ignore", "ignore"],
        detached: true,
      });
      await once(child, "spawn");
      return new LabGuard(labDirectory, child);
    } catch (cause) {
      throw new UnavailableError({
        code: "process-not-started",
        message: `Expected to start a guard for the lab, got: ${cause instanceof Error ? cause.message : String(cause)}.`,
        nextStep: "Check that /bin/sh may be executed, and that the machine has memory left.",
        cause,
      });
    }
  }

  /** Ends what is left of a lab whose runner is gone, and removes its folder. */
  static async endLab(labDirectory: string, kept: KeptOfLab): Promise<void> {
    await (await LabGuard.start(labDirectory)).#finish(kept);
  }

  /** Ends what is left of the lab, and the guard itself. */
  async end(kept: KeptOfLab): Promise<void> {
    // One that somebody killed has done nothing.
    if ((await this.#finish(kept)) !== 0) await LabGuard.endLab(this.#labDirectory, kept);
  }

  #finish(kept: KeptOfLab): Promise<number | null> {
    this.#child.ref();
    this.#child.stdin?.end(kept === "logs" ? "logs\n" : "");
    return this.#exited;
  }
}
