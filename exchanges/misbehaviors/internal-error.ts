import { json } from "../http/http-server.ts";
import { NO_OPTIONS } from "./options.ts";
import type { RestMisbehavior } from "./rest-misbehavior.ts";

/** The venue fails inside, before it does anything. */
export const internalError: RestMisbehavior = {
  name: "internal-error",
  description: "A private request is answered with 500 and INTERNAL_ERROR. Nothing was done.",
  occasion: "private request",
  options: NO_OPTIONS,
  async answer({ request, proceed, strikes }) {
    if (!request.path.startsWith("/api/v1/") || strikes() === undefined) return proceed();
    return json(500, { data: null, success: false, message: "INTERNAL_ERROR", code: 500 });
  },
};
