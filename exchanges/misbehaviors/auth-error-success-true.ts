import { z } from "zod";
import { json } from "../http/http-server.ts";
import type { RestMisbehavior } from "./rest-misbehavior.ts";

const options = z.strictObject({
  status: z.int().min(200).max(401).default(401).describe("its HTTP status: 401, or 200"),
});

/** An authentication error whose envelope claims success (BTCTrader/broker-api-docs, issues 134 to 231). */
export const authErrorSuccessTrue: RestMisbehavior<z.infer<typeof options>> = {
  name: "auth-error-success-true",
  description:
    'A private request is refused with {"success":true,"message":"Unauthorized - Invalid ' +
    'Nonce","code":1037}, without data.',
  occasion: "private request",
  options,
  async answer({ request, proceed, strikes }) {
    const struck = request.path.startsWith("/api/v1/") ? strikes() : undefined;
    if (struck === undefined) return proceed();
    return json(struck.status, { success: true, message: "Unauthorized - Invalid Nonce", code: 1037 });
  },
};
