import { HttpClient, type HttpResponse } from "toxiproxy-node-client/dist/HttpClient.js";
import { EXIT_CODE, KanitError, UnavailableError } from "../../core/index.ts";
import { type HttpAnswer, NetworkError, requestHttp, withoutCredentials } from "../../network/index.ts";

/**
 * The transport of toxiproxy-node-client with two additions: a deadline for each call, and the server's
 * own message in the error.
 */
export class DeadlineHttpClient extends HttpClient {
  readonly #deadlineMs: number;
  readonly #headers: Readonly<Record<string, string>>;

  /** `headers` are sent with each call. */
  constructor(deadlineMs: number, headers: Readonly<Record<string, string>> = {}) {
    super();
    this.#deadlineMs = deadlineMs;
    this.#headers = headers;
  }

  override async get<T>(url: string): Promise<HttpResponse<T>> {
    return { data: parse(await this.#call("GET", url), url) as T };
  }

  override async post<T>(url: string, body?: unknown): Promise<HttpResponse<T>> {
    return { data: parse(await this.#call("POST", url, body), url) as T };
  }

  override async delete(url: string): Promise<void> {
    await this.#call("DELETE", url);
  }

  override async getText(url: string): Promise<string> {
    return this.#call("GET", url);
  }

  async #call(method: string, url: string, body?: unknown): Promise<string> {
    let answer: HttpAnswer;
    try {
      answer = await requestHttp(url, {
        method,
        deadlineMs: this.#deadlineMs,
        headers: { ...this.#headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        body: body === undefined ? null : JSON.stringify(body),
      });
    } catch (cause) {
      if (!(cause instanceof NetworkError)) throw cause;
      throw this.#unreachable(method, withoutCredentials(url), cause);
    }
    const { status, text } = answer;
    if (status >= 400) throw refused(method, url, status, text);
    return text;
  }

  #unreachable(method: string, url: string, cause: NetworkError): UnavailableError {
    const timedOut = cause.code === "deadline-exceeded";
    const came = timedOut ? `none within ${this.#deadlineMs} ms` : cause.received;
    return new UnavailableError({
      code: timedOut ? "fault-proxy-deadline" : "fault-proxy-unreachable",
      message: `Expected the fault proxy to answer ${method} ${url}, got ${came}.`,
      nextStep: "Check that the fault proxy runs and that this is the address of its control API.",
      cause,
    });
  }
}

const LEASE_OVER = 410;

/** An error of the fault proxy, with the server's own message. */
export class FaultProxyError extends KanitError {
  override readonly name = "FaultProxyError";
  /** The HTTP status. */
  readonly status: number;

  constructor(status: number, message: string) {
    super({
      code: `fault-proxy-${status}`,
      message,
      nextStep:
        status === LEASE_OVER
          ? "Open another lease: the changes made under this one are undone."
          : "Check the link's and the toxic's name and attributes.",
      exitCode: EXIT_CODE.internal,
    });
    this.status = status;
  }
}

function refused(method: string, url: string, status: number, text: string): FaultProxyError {
  const { pathname } = new URL(url);
  return new FaultProxyError(
    status,
    `Expected the fault proxy to do ${method} ${pathname}, got ${status}: ${serverMessage(text)}.`,
  );
}

/**
 * The `error` of the body, or the body itself when it is not JSON (404 for an unknown path, the browser
 * guard).
 */
function serverMessage(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{")) return trimmed || "no message";
  try {
    const { error } = JSON.parse(trimmed) as { readonly error?: unknown };
    return typeof error === "string" ? error : trimmed;
  } catch (error) {
    return `${trimmed} (${String(error)})`;
  }
}

function parse(text: string, url: string): unknown {
  if (text.length === 0) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnavailableError({
      code: "fault-proxy-not-json",
      message: `Expected JSON from ${withoutCredentials(url)}, got ${JSON.stringify(text.slice(0, 80))}.`,
      nextStep: "Check that this is the address of a fault proxy's control API.",
      cause,
    });
  }
}
