import { z } from "zod";
import { milliseconds } from "./options.ts";
import { type RestMisbehavior, successOf } from "./rest-misbehavior.ts";

const options = z.strictObject({ delayMs: milliseconds(0, "how long until the page is sent") });

/** The content delivery network in front of the venue times out and answers in HTML. */
export const html504: RestMisbehavior<z.infer<typeof options>> = {
  name: "html-504",
  description: "The order is accepted, but answered with 504 and an HTML page: no envelope, no order id.",
  occasion: "accepted order",
  options,
  async answer({ request, proceed, strikes, sleep }) {
    const reply = await proceed();
    if (request.method !== "POST" || request.path !== "/api/v1/order" || !successOf(reply)) return reply;
    const struck = strikes();
    if (struck === undefined) return reply;
    await sleep(struck.delayMs);
    return {
      kind: "answer",
      status: 504,
      headers: { "content-type": "text/html; charset=UTF-8" },
      body:
        "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504 Gateway " +
        "Time-out</h1></center>\r\n</body>\r\n</html>\r\n",
    };
  },
};
