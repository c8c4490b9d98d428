import { requireAllowedHost, UsageError } from "../core/index.ts";

/**
 * Reads the address of a venue, and refuses every host that is neither this machine nor named by the user:
 * kanit places orders and causes traffic there.
 *
 * @throws UsageError `bad-url`, RefusedError `host-not-allowed`.
 */
export function allowedUrl(
  text: string,
  protocols: readonly string[],
  allowedHosts: readonly string[],
): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !protocols.includes(url.protocol)) {
    throw new UsageError({
      code: "bad-url",
      message: `Expected an address that begins with ${protocols.map((each) => `${each}//`).join(" or ")}, got ${JSON.stringify(text)}.`,
      nextStep: `Write it as ${protocols[0]}//127.0.0.1:8080.`,
    });
  }
  requireAllowedHost(url, allowedHosts);
  return text.replace(/\/$/, "");
}
