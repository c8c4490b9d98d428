import { type IncomingMessage, request } from "node:http";
import type { z } from "zod";
import { KanitError, UnavailableError } from "../../core/index.ts";
import { MAX_BODY_BYTES, readBody } from "../../network/index.ts";
import type { KillOutcome } from "./lab-powers.ts";
import {
  errorReply,
  killReply,
  type ProcessesState,
  powersSocket,
  resumeReply,
  stateReply,
} from "./powers-protocol.ts";

/** The powers over a lab that another process owns. Each throws what the owner's own would have thrown. */
export class RemotePowers {
  readonly #socketPath: string;

  /** @param labsDirectory as returned by `openStateDirectory`. */
  constructor(labsDirectory: string, labId: string) {
    this.#socketPath = powersSocket(labsDirectory, labId);
  }

  /** Takes about a second, during which the processes are measured. */
  async state(): Promise<ProcessesState> {
    return stateReply.parse(await this.#ask("GET", "/state", null));
  }

  /** Resolves once the process is paused. */
  async pause(process: string, durationMs: number): Promise<void> {
    await this.#ask("POST", "/pause", { process, durationMs });
  }

  /** Resumes everything that is paused; returns the names. */
  async resumeAll(): Promise<readonly string[]> {
    return resumeReply.parse(await this.#ask("POST", "/resume", {})).resumed;
  }

  /** Resolves when the result is known. */
  async kill(process: string, restartDelayMs: number): Promise<KillOutcome> {
    return killReply.parse(await this.#ask("POST", "/kill", { process, restartDelayMs }));
  }

  async #ask(method: string, path: string, body: z.core.util.JSONType): Promise<unknown> {
    const response = await this.#send(method, path, body);
    const answer: unknown = JSON.parse(String(await readBody(response, MAX_BODY_BYTES)));
    if (response.statusCode === 200) return answer;
    throw new KanitError(errorReply.parse(answer));
  }

  #send(method: string, path: string, body: z.core.util.JSONType): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath: this.#socketPath, method, path }, resolve);
      sent.once("error", (cause) => reject(notThere(this.#socketPath, cause)));
      sent.end(body === null ? undefined : JSON.stringify(body));
    });
  }
}

function notThere(socketPath: string, cause: Error): UnavailableError {
  return new UnavailableError({
    code: "lab-takes-no-commands",
    message: `Expected the lab's owner to answer at ${socketPath}, got: ${cause.message}.`,
    nextStep:
      "The lab may be stopping: see kanit status. Or its folder's name is too long for a socket: point TMPDIR at a shorter one.",
    cause,
  });
}
