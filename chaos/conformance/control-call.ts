import { request } from "node:http";

/** One call of a control API. */
export interface ControlCall {
  readonly method: string;
  readonly path: string;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The answer with its unparsed body. */
export interface ControlAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

/** Makes the call without a client library, on a connection of its own. */
export function callControl(url: string, call: ControlCall): Promise<ControlAnswer> {
  const { method, path, body = "", headers } = call;
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, {
      method,
      agent: false,
      headers: { "user-agent": "conformance", "content-length": Buffer.byteLength(body), ...headers },
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers["content-type"],
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.end(body);
  });
}
