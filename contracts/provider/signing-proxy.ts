import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { UnavailableError } from "../../core/index.ts";
import { type HttpAnswer, MAX_BODY_BYTES, NetworkError, readBody, requestHttp } from "../../network/index.ts";
import type { SignableRequest } from "./sign-request.ts";
import type { VenueUnderVerification } from "./venue-under-verification.ts";

/** Where the proxy passes requests on to. */
type ProxiedVenue = Pick<VenueUnderVerification, "restUrl" | "allowedHosts">;

const DEADLINE_MS = 10_000;
/** Headers that belong to one connection or describe the encoding of the original body. */
const CONNECTION_HEADERS = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "host",
  "keep-alive",
  "transfer-encoding",
]);
const METHODS_WITHOUT_BODY = new Set(["GET", "HEAD"]);

/** A proxy on loopback that signs the requests it forwards. */
export interface SigningProxy extends AsyncDisposable {
  readonly url: string;
}

/**
 * A proxy between Pact and a venue: signs each request again and returns the answer unchanged. When the venue
 * does not answer, `onFailure` receives UnavailableError `no-answer`, and Pact gets a 502.
 */
export async function startSigningProxy(
  venue: ProxiedVenue,
  sign: (request: SignableRequest) => void,
  onFailure: (error: unknown) => void,
): Promise<SigningProxy> {
  const server = createServer((incoming, outgoing) => {
    passOn(venue, sign, incoming).then(
      (answer) => {
        outgoing.writeHead(answer.status, withoutConnection(answer.headers));
        outgoing.end(answer.bytes);
      },
      (error: unknown) => {
        onFailure(error);
        outgoing.writeHead(502).end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function passOn(
  venue: ProxiedVenue,
  sign: (request: SignableRequest) => void,
  incoming: IncomingMessage,
): Promise<HttpAnswer> {
  const method = incoming.method ?? "GET";
  const request: SignableRequest = { url: incoming.url ?? "/", headers: { ...incoming.headers } };
  sign(request);
  const body = await readBody(incoming, MAX_BODY_BYTES);
  const url = `${venue.restUrl.replace(/\/$/, "")}${request.url}`;
  return requestHttp(url, {
    method,
    headers: withoutConnection(request.headers),
    body: METHODS_WITHOUT_BODY.has(method) || body.length === 0 ? null : body,
    allowedHosts: venue.allowedHosts,
    deadlineMs: DEADLINE_MS,
    redirects: "return",
  }).catch((cause: unknown) => {
    if (!(cause instanceof NetworkError)) throw cause;
    throw new UnavailableError({
      code: "no-answer",
      message: `Expected ${method} ${new URL(url).pathname} to be answered by the venue, got ${cause.received}.`,
      nextStep: "Check that the venue runs and answers this call.",
      cause,
    });
  });
}

function withoutConnection(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === "string" && !CONNECTION_HEADERS.has(name) ? [[name, value]] : [],
    ),
  );
}
