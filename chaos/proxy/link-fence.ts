import { RefusedError } from "../../core/index.ts";
import { requireAllowedHost } from "../../network/index.ts";
import { parseAddress } from "./address.ts";
import { ApiError } from "./api/api-error.ts";

/**
 * The addresses that links may connect to and listen on: any, or only this machine and hosts
 * that are allowed by name.
 */
export type LinkFence =
  | { readonly kind: "open" }
  | { readonly kind: "loopback"; readonly allowedHosts: readonly string[] };

/** @throws ApiError 403 for an address that is not allowed. */
export function requireWithinFence(
  fence: LinkFence,
  addresses: Partial<Readonly<Record<"listen" | "upstream", string>>>,
): void {
  if (fence.kind === "open") return;
  for (const [field, text] of Object.entries(addresses)) {
    const { host } = parseAddress(text, field);
    // A listener without a host is on every interface.
    const name = host === "" ? "0.0.0.0" : host;
    try {
      requireAllowedHost(new URL(`http://${name.includes(":") ? `[${name}]` : name}`), fence.allowedHosts);
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof TypeError)) throw error;
      throw new ApiError(
        403,
        "host-not-allowed",
        `${field} ${text}: expected a host on this machine, or one that --allow-host names`,
        { cause: error },
      );
    }
  }
}
