import { isIPv4 } from "node:net";
import { showsToken } from "./control-token.ts";

/** The parts of a request that the guard checks. Node's `IncomingMessage` has them. */
export interface ControlRequest {
  readonly method?: string | undefined;
  /** The path, with or without a query. */
  readonly url?: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** How much more a control surface accepts than the strictest one. */
export interface ControlGuardPolicy {
  /**
   * Hosts besides loopback by which the surface may be addressed, without port: `toxiproxy` within a network.
   */
  readonly allowedHosts: readonly string[];
  /**
   * The content types that are allowed for a request that changes something. `json`: only JSON.
   * `client-defaults`: also the defaults of HTTP libraries and curl, for a surface that must
   * accept existing clients.
   */
  readonly bodies: "json" | "client-defaults";
  /**
   * The token that `Authorization` must show, since every user of the machine can connect to its ports. Null: every
   * program that can connect is allowed.
   */
  readonly token: string | null;
  /** Paths that may be read without the token, for health checks and scrapes: nothing there is secret. */
  readonly openPaths: readonly string[];
}

/** The result: the request is allowed, or refused. */
export type ControlGuardVerdict = { readonly kind: "allowed" } | ControlRefusal;

/** The answer to a request that is not allowed. */
export interface ControlRefusal {
  readonly kind: "refused";
  /** 401: the token is missing or wrong. 403: it comes from elsewhere. 415: a web page could send such a body. */
  readonly status: 401 | 403 | 415;
  readonly why: string;
}

/** For a surface that only this project's own clients call. */
export const STRICT_CONTROL_GUARD: ControlGuardPolicy = {
  allowedHosts: [],
  bodies: "json",
  token: null,
  openPaths: ["/health"],
};

/** For the control API of the fault proxy, which clients of Toxiproxy use: they send any content type. */
export const FAULT_PROXY_GUARD: ControlGuardPolicy = {
  allowedHosts: [],
  bodies: "client-defaults",
  token: null,
  openPaths: ["/version", "/metrics"],
};

/** One line that says how, also to clients that know addresses only. */
const EXPECTED_TOKEN =
  "expected the token of this control API (Authorization: Bearer <token>, or http://kanit:<token>@<host>)";
const READING_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD"]);
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/;
const CLIENT_DEFAULT_TYPES: ReadonlySet<string> = new Set([
  "",
  "application/octet-stream",
  // The defaults of `curl -d` and Ruby's Net::HTTP.
  "application/x-www-form-urlencoded",
  "text/json",
  "text/plain",
]);
/** `none`: the user typed the address. `same-origin`: a page that this surface itself served. */
const HARMLESS_FETCH_SITES: ReadonlySet<string> = new Set(["none", "same-origin"]);
/**
 * This machine, or a name without a dot, such as a container's. A web page cannot rebind either name to
 * itself.
 */
const OWN_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|[a-z0-9_-]+)(:\d{1,5})?$/i;
/** Text of the request is repeated in an answer up to this length. */
const MAX_QUOTED_LENGTH = 80;

/**
 * Protects a control surface on loopback from web pages, and from other users of the machine where it has a
 * token: a page in the developer's browser could otherwise pause the market or add faults. A page cannot
 * choose its `Host` (which shows a name that was rebound to loopback), `Origin` or `Sec-Fetch-Site`. This
 * also covers WebSocket upgrades, which are GETs with an `Origin`.
 */
export function judgeControlRequest(
  { method = "GET", url = "/", headers }: ControlRequest,
  policy: ControlGuardPolicy,
): ControlGuardVerdict {
  const host = headers.host;
  if (typeof host !== "string" || !isAllowedHost(host, policy.allowedHosts)) {
    return refused(403, `expected a Host on this machine, got ${quoted(host)}`);
  }
  if (headers.origin !== undefined) {
    return refused(403, `requests of web pages are not allowed, got Origin ${quoted(headers.origin)}`);
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && !(typeof site === "string" && HARMLESS_FETCH_SITES.has(site))) {
    return refused(403, `requests of other sites' pages are not allowed, got Sec-Fetch-Site ${quoted(site)}`);
  }
  const { authorization } = headers;
  const isOpen = READING_METHODS.has(method) && policy.openPaths.includes(url.split("?")[0] ?? "");
  if (policy.token !== null && !isOpen && !showsToken(authorization, policy.token)) {
    const came = authorization === undefined ? "none" : "another one";
    return refused(401, `${EXPECTED_TOKEN}, got ${came}`);
  }
  if (READING_METHODS.has(method) || isAllowedBody(headers, policy.bodies)) return { kind: "allowed" };
  return refused(415, `expected Content-Type application/json, got ${quoted(headers["content-type"])}`);
}

/**
 * Whether a request comes from a program and not from a web page, for a surface that any program on this
 * machine or in a container network may use: a page could trade on a venue's stub with its well-known keys.
 * Some Python libraries send the server's own address as their origin; that is not a page.
 */
export function isRequestOfProgram({ headers }: ControlRequest): boolean {
  const { host, origin, "sec-fetch-site": site } = headers;
  if (site !== undefined && !HARMLESS_FETCH_SITES.has(String(site))) return false;
  // Only HTTP/1.0 has no Host, and browsers do not use it.
  if (host === undefined) return origin === undefined;
  if (typeof host !== "string" || !OWN_HOST.test(host)) return false;
  return origin === undefined || origin === `http://${host}` || origin === `ws://${host}`;
}

function isAllowedHost(host: string, allowedHosts: readonly string[]): boolean {
  const name = /^(?<name>\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::\d{1,5})?$/.exec(host)?.groups?.name?.toLowerCase();
  if (name === undefined) return false;
  if (name === "localhost" || name === "[::1]" || (isIPv4(name) && name.startsWith("127."))) return true;
  return allowedHosts.includes(name);
}

function isAllowedBody(headers: ControlRequest["headers"], bodies: ControlGuardPolicy["bodies"]): boolean {
  const stated = headers["content-type"] ?? "";
  if (typeof stated !== "string") return false;
  const type = (stated.split(";")[0] ?? "").trim().toLowerCase();
  if (JSON_TYPE.test(type)) return true;
  if (bodies === "client-defaults") return CLIENT_DEFAULT_TYPES.has(type);
  // A request without a body needs no content type: DELETE, or POST /reset.
  return type === "" && hasNoBody(headers);
}

function hasNoBody(headers: ControlRequest["headers"]): boolean {
  const { "content-length": length = "0", "transfer-encoding": encoding } = headers;
  return encoding === undefined && length === "0";
}

function refused(status: ControlRefusal["status"], why: string): ControlRefusal {
  return { kind: "refused", status, why };
}

function quoted(value: string | readonly string[] | undefined): string {
  return value === undefined ? "none" : JSON.stringify(String(value).slice(0, MAX_QUOTED_LENGTH));
}
