import { EXIT_CODE, KanitError } from "../../../core/index.ts";

/** Why the engine takes no order; each venue has its own code and words for it. */
export type RefusalReason =
  | "insufficient-balance"
  | "would-take"
  | "would-trigger"
  | "no-liquidity"
  | "duplicate-client-order-id";

/** An order that the engine did not accept. Nothing was changed. */
export class OrderRefused extends KanitError {
  override readonly name = "OrderRefused";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super({
      code: `order-${reason}`,
      message,
      nextStep: "Send another order; nothing of this one was kept.",
      exitCode: EXIT_CODE.fail,
    });
    this.reason = reason;
  }
}
