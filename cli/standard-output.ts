import type { Writable } from "node:stream";

/**
 * The process's standard output and error, whose failures do not end a command: the evidence of a run is in its folder,
 * whoever reads along. A reader that went away (`kanit status | head`) is not a failure at all.
 */
export class StandardOutput {
  #failure: Error | null = null;

  /** @param onFailure called with the first failure of the output; not of the error output, which is progress. */
  constructor(output: Writable, errorOutput: Writable, onFailure: (error: Error) => void) {
    output.on("error", (error: NodeJS.ErrnoException) => {
      if (this.#failure !== null || error.code === "EPIPE") return;
      this.#failure = error;
      onFailure(error);
    });
    errorOutput.on("error", () => undefined);
  }

  /** Whether something that the command said was lost: on a full disk, on a terminal that is gone. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }
}
