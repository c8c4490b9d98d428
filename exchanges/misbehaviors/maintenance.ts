import type { BinanceMisbehavior } from "./binance-misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

const SYSTEM_STATUS = "GET /sapi/v1/system/status";
const PAGE =
  "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service " +
  "Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n";

/** The venue is under maintenance: only its status is answered. */
export const maintenance: BinanceMisbehavior = {
  name: "maintenance",
  description:
    "The venue is under maintenance: every request is answered with 503 and an HTML page, one over the WebSocket API " +
    "is cut, and system/status answers 1.",
  occasion: "request",
  options: NO_OPTIONS,
  call({ endpoint, proceed, strikes }) {
    if (endpoint === SYSTEM_STATUS) return { kind: "body", body: { status: 1, msg: "system_maintenance" } };
    return strikes() === undefined ? proceed() : { kind: "page", status: 503, html: PAGE };
  },
};
