import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { UnavailableError } from "../../core/index.ts";
import type { SignableRequest } from "./sign-request.ts";

const DEADLINE_MS = 10_000;
/** What belongs to one connection, or to a body as it was sent there. */
const OF_THE_CONNECTION = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "host",
  "keep-alive",
  "transfer-encoding",
]);
const BODILESS = new Set(["GET", "HEAD"]);

/** A proxy on loopback that signs what goes through it. */
export interface SigningProxy extends AsyncDisposable {
  readonly url: string;
}

/**
 * Stands between Pact and a venue: signs each request anew and passes the answer on as it came. A request that the
 * venue leaves without an answer is told to `onFailure` as UnavailableError `no-answer`; Pact gets a 502.
 */
export async function startSigningProxy(
  venueUrl: string,
  sign: (request: SignableRequest) => void,
  onFailure: (error: unknown) => void,
): Promise<SigningProxy> {
  const server = createServer((incoming, outgoing) => {
    passOn(venueUrl, sign, incoming).then(
      async (answer) => {
        outgoing.writeHead(answer.status, withoutConnection(Object.fromEntries(answer.headers)));
        outgoing.end(Buffer.from(await answer.arrayBuffer()));
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
  venueUrl: string,
  sign: (request: SignableRequest) => void,
  incoming: IncomingMessage,
): Promise<Response> {
  const method = incoming.method ?? "GET";
  const request: SignableRequest = { url: incoming.url ?? "/", headers: { ...incoming.headers } };
  sign(request);
  const body = await bodyOf(incoming);
  const url = `${venueUrl.replace(/\/$/, "")}${request.url}`;
  const headers = withoutConnection(request.headers);
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const init = { method, headers, signal, redirect: "manual" } as const;
  const asked = fetch(url, BODILESS.has(method) || body.length === 0 ? init : { ...init, body });
  return asked.catch((cause: unknown) => {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw new UnavailableError({
      code: "no-answer",
      message: `Expected ${method} ${new URL(url).pathname} to be answered by the venue, got: ${String(reason)}.`,
      nextStep: "See whether the venue runs and answers this call at all.",
      cause,
    });
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function withoutConnection(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === "string" && !OF_THE_CONNECTION.has(name) ? [[name, value]] : [],
    ),
  );
}
