import { UnavailableError } from "../../core/index.ts";

/** A link of the lab does not work although no fault was injected. */
export function brokenLink(link: string, target: string, cause: unknown): UnavailableError {
  const got = cause instanceof Error ? cause.message : String(cause);
  return new UnavailableError({
    code: "link-carries-nothing",
    message: `Expected ${target} to answer through the link ${link}, got: ${got}.`,
    nextStep: "See the logs of the fault proxy and of the process behind the link.",
    cause,
  });
}
