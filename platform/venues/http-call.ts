import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { messageOf } from "../errors.ts";

/** The outcome of one HTTP request. The kinds keep an unknown outcome apart from a failure. */
export type HttpOutcome =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: IncomingMessage["headers"];
      readonly body: string;
    }
  /** No connection came about, so not a byte of the request left. */
  | { readonly kind: "not-sent"; readonly reason: string }
  /** The request may have arrived; its answer did not. */
  | { readonly kind: "no-answer"; readonly reason: string };

export interface HttpCall {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The longest wait, from the call to the end of the answer. */
  readonly timeoutMs: number;
}

/** A venue's book of 5,000 levels is about 300 KB; no answer of a venue is larger than this. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** An HTTP client with its own connections. */
export class HttpClient {
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 64 });
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets: 64 });

  /** Never rejects: every failure is an outcome. */
  call(call: HttpCall): Promise<HttpOutcome> {
    return new Promise((resolve) => {
      const secure = call.url.startsWith("https:");
      const send = secure ? httpsRequest : httpRequest;
      const headers = {
        ...call.headers,
        ...(call.body === undefined ? {} : { "content-length": String(Buffer.byteLength(call.body)) }),
      };
      const agent = secure ? this.#https : this.#http;
      settle(send(call.url, { method: call.method, headers, agent }), call, resolve);
    });
  }

  /** Closes every connection, also those that wait for an answer. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

function settle(request: ClientRequest, call: HttpCall, resolve: (outcome: HttpOutcome) => void): void {
  let connected = false;
  const finish = (outcome: HttpOutcome): void => {
    clearTimeout(timer);
    resolve(outcome);
  };
  const fail = (reason: string): void => finish({ kind: connected ? "no-answer" : "not-sent", reason });
  const timer = setTimeout(() => {
    fail(connected ? `no answer within ${call.timeoutMs} ms` : `no connection within ${call.timeoutMs} ms`);
    request.destroy();
  }, call.timeoutMs);

  request.on("socket", (socket) => {
    if (!socket.connecting) connected = true;
    else socket.once("connect", () => (connected = true));
  });
  request.on("error", (error) => fail(messageOf(error)));
  request.on("response", (response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) request.destroy(new Error(`answer longer than ${MAX_BODY_BYTES} bytes`));
      else chunks.push(chunk);
    });
    response.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      finish({ kind: "answer", status: response.statusCode ?? 0, headers: response.headers, body });
    });
    response.on("aborted", () => fail("the connection was cut within the answer"));
    response.on("error", (error) => fail(messageOf(error)));
  });
  request.end(call.body);
}
