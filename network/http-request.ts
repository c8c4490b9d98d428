import http, { type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import https from "node:https";
import { formatDuration, KanitError } from "../core/index.ts";
import { hostNotAllowed, isAllowedHost, requireAllowedHost } from "./allowed-hosts.ts";
import { MAX_BODY_BYTES } from "./body-limits.ts";
import { fencedLookup } from "./fenced-lookup.ts";
import { NetworkError } from "./network-error.ts";
import { BodyTooLarge, readBody } from "./read-body.ts";

/** The options of a request; each has a default. */
export interface HttpRequestOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** Hosts besides this machine to which requests may be sent. */
  readonly allowedHosts: readonly string[];
  /** For the whole exchange, including redirects. */
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
  /** `return` returns a redirect to the caller. */
  readonly redirects: "follow" | "return";
  readonly signal: AbortSignal | null;
}

/** A complete answer. */
export interface HttpAnswer {
  readonly status: number;
  /** Whether the status is a 2xx. */
  readonly ok: boolean;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer<ArrayBuffer>;
  /** The body as UTF-8. */
  readonly text: string;
}

const DEFAULTS: HttpRequestOptions = {
  method: "GET",
  headers: {},
  body: null,
  allowedHosts: [],
  deadlineMs: 10_000,
  maxBodyBytes: MAX_BODY_BYTES,
  redirects: "follow",
  signal: null,
};
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;

/**
 * Makes one HTTP request on a connection of its own. Every host on the way, those of redirects included, must be this
 * machine or allowed; headers and body never follow a redirect to another origin. The caller's proxy variables are
 * not used, and bodies have a limit.
 *
 * @throws RefusedError `host-not-allowed`; NetworkError with the code that says why there is no whole answer;
 *   the signal's reason when the signal ends it.
 */
export async function requestHttp(
  address: string | URL,
  options: Partial<HttpRequestOptions> = {},
): Promise<HttpAnswer> {
  const settings = { ...DEFAULTS, ...options };
  const deadline = AbortSignal.timeout(settings.deadlineMs);
  const signal = settings.signal === null ? deadline : AbortSignal.any([deadline, settings.signal]);
  let hop: Hop = { url: new URL(address), ...settings };
  const asked = `${settings.method} ${hop.url.origin}${hop.url.pathname}`;
  requireAllowedHost(hop.url, settings.allowedHosts);
  try {
    for (let redirects = 0; ; redirects++) {
      const answer = await exchange(hop, settings, signal, asked);
      const next = settings.redirects === "follow" ? redirectOf(answer, hop) : null;
      if (next === null) return answer;
      if (redirects === MAX_REDIRECTS) {
        throw new NetworkError("too-many-redirects", asked, `more than ${MAX_REDIRECTS} redirects`);
      }
      if (!isAllowedHost(next.url, settings.allowedHosts)) {
        throw hostNotAllowed(next.url.hostname, ` (a redirect of ${hop.url.origin})`);
      }
      hop = next;
    }
  } catch (error) {
    settings.signal?.throwIfAborted();
    if (deadline.aborted) {
      const received = `none within ${formatDuration(settings.deadlineMs)}`;
      throw new NetworkError("deadline-exceeded", asked, received, error);
    }
    if (error instanceof KanitError) throw error;
    throw new NetworkError("no-answer", asked, reasonOf(error), error);
  }
}

/** One request of the exchange. */
type Hop = Pick<HttpRequestOptions, "method" | "headers" | "body"> & { readonly url: URL };

async function exchange(
  hop: Hop,
  { allowedHosts, maxBodyBytes }: HttpRequestOptions,
  signal: AbortSignal,
  asked: string,
): Promise<HttpAnswer> {
  const response = await send(hop, allowedHosts, signal);
  const encoding = response.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    response.destroy();
    throw new NetworkError("body-encoded", asked, `a body in ${encoding}, which was not requested`);
  }
  const bytes = await readBody(response, maxBodyBytes).catch((error: unknown) => {
    if (!(error instanceof BodyTooLarge)) throw error;
    throw new NetworkError("body-too-large", asked, `a body of more than ${maxBodyBytes} bytes`);
  });
  const status = response.statusCode ?? 0;
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: response.headers,
    bytes,
    text: bytes.toString("utf8"),
  };
}

function send(hop: Hop, allowedHosts: readonly string[], signal: AbortSignal): Promise<IncomingMessage> {
  const { url, method, headers, body } = hop;
  const client = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const request = client.request(
      url,
      // A separate agent, since the shared one takes proxies from the environment.
      { method, headers, signal, agent: false, lookup: fencedLookup(allowedHosts) },
      resolve,
    );
    request.once("error", reject);
    request.end(body ?? undefined);
  });
}

/** The target of a redirect; null when the answer is not one, or its target is not a valid address. */
function redirectOf({ status, headers }: HttpAnswer, hop: Hop): Hop | null {
  const { location } = headers;
  if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, hop.url.href)) return null;
  const url = new URL(location, hop.url);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  const isSameOrigin = url.origin === hop.url.origin;
  const keepsMethod = status === 307 || status === 308 || hop.method === "GET" || hop.method === "HEAD";
  if (!keepsMethod) return { url, method: "GET", headers: {}, body: null };
  // A body is meant only for its original origin, and so is every key among the headers.
  if (!isSameOrigin && hop.body !== null) return null;
  return { ...hop, url, headers: isSameOrigin ? hop.headers : {} };
}

function reasonOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  return (inner instanceof Error ? inner.message : String(inner)).replaceAll(/\s+/g, " ");
}
