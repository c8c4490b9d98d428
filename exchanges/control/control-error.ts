import type { z } from "zod";
import { EXIT_CODE, KanitError } from "../../core/index.ts";
import type { HttpRequest } from "../http/http-server.ts";
import { parseJson } from "../json-text.ts";

/** An invalid control request, with the HTTP status of its answer. */
export class ControlError extends KanitError {
  override readonly name = "ControlError";
  readonly status: number;

  constructor(status: number, details: { code: string; message: string; nextStep: string }) {
    super({ ...details, exitCode: EXIT_CODE.usage });
    this.status = status;
  }
}

/** A 404 for an unknown name. */
export function unknown(what: string, given: string, known: string): ControlError {
  return new ControlError(404, {
    code: `unknown-${what}`,
    message: `Expected a known ${what} (${known}), got ${given}.`,
    nextStep: "Use one of these.",
  });
}

/** Reads a JSON body; an empty one is `{}`. Throws ControlError `bad-json`. */
export function readJson(request: HttpRequest): unknown {
  const json = parseJson(request.body === "" ? "{}" : request.body);
  if (json.kind === "json") return json.value;
  const message = `Expected a JSON body, got: ${json.why}.`;
  throw new ControlError(400, { code: "bad-json", message, nextStep: "Send JSON." });
}

/** Checks a body. Throws ControlError `bad-body` with the field's name and an example. */
export function checked<Value>(value: unknown, schema: z.ZodType<Value>, example: string): Value {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` for ${issue.path.join(".")}`;
  throw new ControlError(400, {
    code: "bad-body",
    message: `Expected another body${where}: ${issue?.message ?? "?"}.`,
    nextStep: `Send ${example}.`,
  });
}
