import { EXIT_CODE, KanitError } from "../../../core/index.ts";

/** Why the engine refuses an order; each venue has its own code and message for it. */
export type RefusalReason =
  | "insufficient-balance"
  | "would-take"
  | "would-trigger"
  | "no-liquidity"
  | "duplicate-client-order-id";

/** The engine refused an order. Nothing was changed. */
export class OrderRefused extends KanitError {
  override readonly name = "OrderRefused";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super({
      code: `order-${reason}`,
      message,
      nextStep: "Send another order; this one has no effect.",
      exitCode: EXIT_CODE.fail,
    });
    this.reason = reason;
  }
}
