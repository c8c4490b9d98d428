import { requireAllowedHost, UsageError } from "../core/index.ts";

/**
 * Reads the address of a platform, and refuses every host that is neither this machine nor named by the user:
 * probing is traffic, and traffic to the wrong host is an incident.
 *
 * @throws UsageError `bad-url`, RefusedError `host-not-allowed`.
 */
export function allowedUrl(text: string, allowedHosts: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError({
      code: "bad-url",
      message: `Expected the address of a platform, got ${JSON.stringify(text)}.`,
      nextStep: "Write it as http://127.0.0.1:8080 or https://canary.example.com.",
    });
  }
  requireAllowedHost(url, allowedHosts);
  return url;
}
