import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";

/** A request as a hostile client sends it. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back: null when the server closed the connection without an answer. */
export type HostileAnswer = { readonly status: number; readonly text: string } | null;

/** Sends requests to a server on loopback, one connection after the other. */
export class HttpCaller {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });

  constructor(url: string) {
    this.#port = Number(new URL(url).port);
  }

  /** Sends a request. Node refuses to send what is no HTTP; then there is no answer either. */
  async send({ method, path, headers = {}, body = "" }: HostileRequest): Promise<HostileAnswer> {
    const answered = Promise.withResolvers<HostileAnswer>();
    try {
      const sent = request(
        { host: "127.0.0.1", port: this.#port, agent: this.#agent, method, path, headers },
        (response) => {
          text(response).then(
            (read) => answered.resolve({ status: response.statusCode ?? 0, text: read }),
            () => answered.resolve(null),
          );
        },
      );
      sent.on("error", () => answered.resolve(null));
      sent.end(body);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return null;
    }
    return await answered.promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The answer as text, for the search for stacks; a server that failed is a defect. */
export function shownBy(answer: HostileAnswer): string {
  if (answer === null) return "";
  if (answer.status === 500) throw new Error(`answered 500: ${answer.text.slice(0, 1_000)}`);
  return answer.text;
}
