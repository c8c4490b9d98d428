import { z } from "zod";
import { milliseconds } from "./options.ts";
import { type RestMisbehavior, successOf, withBody } from "./rest-misbehavior.ts";

const options = z.strictObject({
  delayMs: milliseconds(61_000, "how long until the answer is sent; over 60 s has been observed"),
});

/** The order is executed long before its answer, which then does not identify the order. */
export const lateReply: RestMisbehavior<z.infer<typeof options>> = {
  name: "late-reply",
  description: "The order is accepted at once, but its answer takes over a minute and has no id.",
  occasion: "accepted order",
  options,
  async answer({ request, proceed, strikes, sleep }) {
    const reply = await proceed();
    const body = request.method === "POST" && request.path === "/api/v1/order" ? successOf(reply) : undefined;
    const struck = body === undefined ? undefined : strikes();
    if (struck === undefined) return reply;
    await sleep(struck.delayMs);
    return withBody(reply, { ...body, data: null });
  },
};
