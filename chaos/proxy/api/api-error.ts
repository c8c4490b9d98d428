import { EXIT_CODE, KanitError } from "../../../core/index.ts";

/**
 * An error answer of the control API, with the messages and statuses of Toxiproxy 2.12. The body is
 * `{"error": message, "status": status}`.
 */
export class ApiError extends KanitError {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(status: number, code: string, message: string, options: { readonly cause?: unknown } = {}) {
    const nextStep = "See Toxiproxy's README for the HTTP API.";
    super({ code, message, nextStep, exitCode: EXIT_CODE.internal, cause: options.cause });
    this.status = status;
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

  static invalidStream(): ApiError {
    return new ApiError(400, "invalid-stream", "stream was invalid, can be either upstream or downstream");
  }

  static invalidToxicType(): ApiError {
    return new ApiError(400, "invalid-toxic-type", "invalid toxic type");
  }

  static proxyNotFound(): ApiError {
    return new ApiError(404, "proxy-not-found", "proxy not found");
  }

  static proxyAlreadyExists(): ApiError {
    return new ApiError(409, "proxy-already-exists", "proxy already exists");
  }

  static toxicNotFound(): ApiError {
    return new ApiError(404, "toxic-not-found", "toxic not found");
  }

  static toxicAlreadyExists(): ApiError {
    return new ApiError(409, "toxic-already-exists", "toxic already exists");
  }

  static leaseNotFound(): ApiError {
    return new ApiError(404, "lease-not-found", "lease not found");
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
