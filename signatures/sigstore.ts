/** The packages that sign and verify. */
export const SIGSTORE = {
  packages: ["@sigstore/sign", "@sigstore/verify", "@sigstore/bundle"],
  neededFor: "signing and verifying of evidence",
} as const;
