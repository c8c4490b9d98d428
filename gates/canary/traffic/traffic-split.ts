import { EXIT_CODE, KanitError } from "../../../core/index.ts";

/** Sets which part of the requests goes to the candidate. */
export interface TrafficSplit {
  readonly kind: "haproxy" | "command" | "manual";
  /** How a person would do the same, for journals and dry runs: one pasteable line. */
  describe(sharePercent: number): string;
  /**
   * Sets the share; setting it again changes nothing.
   *
   * @throws TrafficSplitError when the share cannot be set, or was not taken; the signal's reason when it is aborted.
   */
  setShare(sharePercent: number, signal: AbortSignal): Promise<void>;
}

/** Why a share of the traffic is not what was asked. */
export type TrafficSplitErrorCode =
  | "share-not-possible"
  | "share-refused"
  | "balancer-away"
  | "split-command-failed"
  | "share-not-confirmed";

/** The traffic could not be split as asked: exit code 69, and for a judge inconclusive. */
export class TrafficSplitError extends KanitError {
  override readonly name = "TrafficSplitError";

  constructor(
    code: TrafficSplitErrorCode,
    details: { readonly message: string; readonly nextStep: string; readonly cause?: unknown },
  ) {
    super({ ...details, code, exitCode: EXIT_CODE.unavailable });
  }
}
