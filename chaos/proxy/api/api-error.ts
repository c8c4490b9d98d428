import { EXIT_CODE, KanitError } from "../../../core/index.ts";

/**
 * An answer other than success of the control API, in the words and with the status of Toxiproxy 2.12.
 * The body is `{"error": message, "status": status}`.
 */
export class ApiError extends KanitError {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(status: number, code: string, message: string, options: { readonly cause?: unknown } = {}) {
    const nextStep = "See Toxiproxy's README for the HTTP API.";
    super({ code, message, nextStep, exitCode: EXIT_CODE.internal, cause: options.cause });
    this.status = status;
  }

  static badBody(what: string): ApiError {
    return new ApiError(400, "bad-request-body", `bad request body: ${what}`);
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
}
