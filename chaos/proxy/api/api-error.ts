import { EXIT_CODE, KanitError } from "../../../core/index.ts";

/** The number of names that an error lists, and the length of each. */
const MAX_NAMES = 20;
const MAX_NAME_LENGTH = 80;

/**
 * An error answer of the control API, with the messages and statuses of Toxiproxy 2.12. The body is
 * `{"error": message, "status": status}`, and has a `detail` where the message alone does not name what was asked for:
 * clients compare the message literally.
 */
export class ApiError extends KanitError {
  override readonly name = "ApiError";
  readonly status: number;
  readonly detail: string | null;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { readonly cause?: unknown; readonly detail?: string } = {},
  ) {
    const nextStep = "See Toxiproxy's README for the HTTP API.";
    super({ code, message, nextStep, exitCode: EXIT_CODE.internal, cause: options.cause });
    this.status = status;
    this.detail = options.detail ?? null;
  }

  static badBody(what: string, options: { readonly cause?: unknown } = {}): ApiError {
    return new ApiError(400, "bad-request-body", `bad request body: ${what}`, options);
  }

  static bodyTooLarge(limitBytes: number): ApiError {
    return new ApiError(413, "body-too-large", `bad request body: larger than ${limitBytes} bytes`);
  }

  static bodyTooSlow(deadlineMs: number): ApiError {
    return new ApiError(408, "body-too-slow", `bad request body: not complete within ${deadlineMs} ms`);
  }

  static handlerTooSlow(deadlineMs: number): ApiError {
    const message = `not finished within ${deadlineMs} ms; it continues: read the current state before a retry`;
    return new ApiError(503, "handler-too-slow", message);
  }

  static missingField(field: string): ApiError {
    return new ApiError(400, "missing-field", `missing required field: ${field}`);
  }

  static invalidStream(stream: string): ApiError {
    const message = "stream was invalid, can be either upstream or downstream";
    return new ApiError(400, "invalid-stream", message, { detail: `got ${quote(stream)}` });
  }

  static invalidToxicType(type: string, known: Iterable<string>): ApiError {
    const detail = `got ${quote(type)}, expected one of ${[...known].join(", ")}`;
    return new ApiError(400, "invalid-toxic-type", "invalid toxic type", { detail });
  }

  static proxyNotFound(name: string, known: Iterable<string>): ApiError {
    const detail = `${quote(name)}; ${list("proxies", known)}`;
    return new ApiError(404, "proxy-not-found", "proxy not found", { detail });
  }

  static proxyAlreadyExists(name: string): ApiError {
    return new ApiError(409, "proxy-already-exists", "proxy already exists", { detail: quote(name) });
  }

  static toxicNotFound(name: string, known: Iterable<string>): ApiError {
    const detail = `${quote(name)}; ${list("toxics of this proxy", known)}`;
    return new ApiError(404, "toxic-not-found", "toxic not found", { detail });
  }

  static toxicAlreadyExists(name: string): ApiError {
    return new ApiError(409, "toxic-already-exists", "toxic already exists", { detail: quote(name) });
  }

  static leaseNotFound(id: string): ApiError {
    return new ApiError(404, "lease-not-found", "lease not found", { detail: quote(id) });
  }

  /** The lease existed but has ended: its changes are undone, or about to be. */
  static leaseOver(
    { id, owner, ttlMs }: { readonly id: string; readonly owner: string; readonly ttlMs: number },
    ending: "expired" | "released",
  ): ApiError {
    const how = ending === "expired" ? `expired, not renewed within ${ttlMs} ms` : "was released";
    return new ApiError(410, "lease-over", `lease ${id} of ${owner} ${how}`);
  }

  static tooManyLeases(limit: number): ApiError {
    return new ApiError(429, "too-many-leases", `too many leases: at most ${limit} at a time`);
  }

  static tooManyProxies(limit: number): ApiError {
    return new ApiError(429, "too-many-proxies", `too many proxies: at most ${limit}`);
  }

  static tooManyToxics(limit: number): ApiError {
    return new ApiError(429, "too-many-toxics", `too many toxics: at most ${limit} on a proxy`);
  }

  /** The change could not be undone when the lease ends. */
  static notOfLease(what: string): ApiError {
    return new ApiError(
      409,
      "not-of-lease",
      `${what} is not held by this lease, and its removal would not be undone when the lease ends: omit Kanit-Lease`,
    );
  }

  static leaseNotTaken(call: string): ApiError {
    return new ApiError(400, "lease-not-taken", `${call} cannot be undone: omit Kanit-Lease`);
  }
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, MAX_NAME_LENGTH));
}

function list(what: string, known: Iterable<string>): string {
  const names = [...known].sort();
  if (names.length === 0) return `there are no ${what}`;
  const more = names.length > MAX_NAMES ? `, and ${names.length - MAX_NAMES} more` : "";
  return `the ${what}: ${names.slice(0, MAX_NAMES).map(quote).join(", ")}${more}`;
}
