import { NetworkError, requestHttp } from "../../network/index.ts";
import type { HttpClient, HttpRequest, HttpResult } from "./exchange.ts";

/** An HTTP client for single questions, by Node's own; a load has a cheaper one. */
export function requestClient(baseUrl: string, timeoutMs: number): HttpClient {
  const closing = new AbortController();
  return {
    send: (request, done) => {
      send(baseUrl, request, timeoutMs, closing.signal).then(done, (error: unknown) =>
        done({ kind: "lost", error: error instanceof NetworkError ? error.received : String(error) }),
      );
    },
    close: () => closing.abort(),
  };
}

async function send(
  baseUrl: string,
  { method, path, headers, body }: HttpRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<HttpResult> {
  const answer = await requestHttp(`${baseUrl}${path}`, {
    method,
    headers,
    body: body === "" ? null : body,
    deadlineMs: timeoutMs,
    signal,
  });
  const retryAfter = answer.headers["retry-after"] ?? null;
  return { kind: "answered", status: answer.status, retryAfter, body: answer.text };
}
