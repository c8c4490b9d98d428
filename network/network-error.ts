import { EXIT_CODE, KanitError } from "../core/index.ts";

/** Why an exchange over the network failed. */
export type NetworkErrorCode =
  | "no-answer"
  | "deadline-exceeded"
  | "body-too-large"
  | "body-encoded"
  | "too-many-redirects";

/** A network exchange without a complete answer: exit code 69. */
export class NetworkError extends KanitError {
  override readonly name = "NetworkError";
  /** What happened instead, as a fragment: `connect ECONNREFUSED 127.0.0.1:1`. */
  readonly received: string;

  constructor(code: NetworkErrorCode, asked: string, received: string, cause?: unknown) {
    super({
      code,
      message: `Expected an answer to ${asked}, got ${received}.`,
      nextStep: "Check the address and that something listens there.",
      exitCode: EXIT_CODE.unavailable,
      cause,
    });
    this.received = received;
  }
}
