import { z } from "zod";
import { quotaExceededReply } from "../btcturk/btcturk-error.ts";
import { count } from "./options.ts";
import type { RestMisbehavior } from "./rest-misbehavior.ts";

const options = z.strictObject({ retryAfterS: count(1, "the Retry-After value in seconds") });

/** The account's limit is used up by other clients of the same account. */
export const quotaExceeded: RestMisbehavior<z.infer<typeof options>> = {
  name: "quota-exceeded",
  description:
    "A private request is refused with 429, TOO_MANY_REQUESTS and the quota as text, with Retry-After. Nothing was done.",
  occasion: "private request",
  options,
  async answer({ request, proceed, strikes }) {
    const struck = request.path.startsWith("/api/v1/") ? strikes() : undefined;
    if (struck === undefined) return proceed();
    // The limit of placing and canceling.
    return quotaExceededReply({ maximum: 10, period: "1s", policy: "account-ip" }, struck.retryAfterS);
  },
};
