import { randomBytes } from "node:crypto";
import type { FastifyReply } from "fastify";

/** Where browsers send violations of the policy. */
export const CSP_REPORT_PATH = "/api/csp-report";

/** A new nonce: 128 random bits, the minimum for CSP. */
export const newNonce = (): string => randomBytes(16).toString("base64");

/**
 * Sets the headers of every answer. A page names the nonce of its own script and style; nothing else may run.
 */
export function setSecurityHeaders(reply: FastifyReply, nonce?: string): void {
  const policy =
    nonce === undefined
      ? ["default-src 'none'", "frame-ancestors 'none'"]
      : [
          "default-src 'none'",
          `script-src 'nonce-${nonce}' 'strict-dynamic'`,
          `style-src 'nonce-${nonce}'`,
          "connect-src 'self'",
          "img-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
        ];
  reply.headers({
    "content-security-policy": [...policy, `report-uri ${CSP_REPORT_PATH}`, "report-to csp"].join("; "),
    "reporting-endpoints": `csp="${CSP_REPORT_PATH}"`,
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
}
