import { type BinanceContext, body, type Endpoint, type EndpointResult } from "./context.ts";
import type { Parameters } from "./parameters.ts";

const keyed = (answer: Endpoint["answer"]): Endpoint => ({ access: "keyed", weight: () => 2, answer });

/** The listen keys of user data streams, as the venue had them before 2026-02-20. */
export const LISTEN_KEY_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "POST /api/v3/userDataStream": keyed(start),
  "PUT /api/v3/userDataStream": keyed(keepAlive),
  "DELETE /api/v3/userDataStream": keyed(close),
};

function start({ listenKeys }: BinanceContext): EndpointResult {
  return body({ listenKey: listenKeys.start() });
}

function keepAlive({ listenKeys }: BinanceContext, parameters: Parameters): EndpointResult {
  listenKeys.keepAlive(parameters.mandatory("listenKey"));
  return body({});
}

function close({ listenKeys }: BinanceContext, parameters: Parameters): EndpointResult {
  listenKeys.close(parameters.mandatory("listenKey"));
  return body({});
}
