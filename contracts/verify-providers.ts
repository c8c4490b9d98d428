import { EXIT_CODE, exitCodeOf, mergeVerdicts, UsageError, type Verdict } from "../core/index.ts";
import { allowedUrl } from "../network/index.ts";
import { PROVIDERS, type Provider } from "./matching/pact-file.ts";
import { ContractViolationError, type PactVerification, verdictOf } from "./provider/contract-violation.ts";
import { startStubs } from "./provider/stubs.ts";
import type { Credentials, VenueUnderVerification } from "./provider/venue-under-verification.ts";
import { verifyPact } from "./provider/verify-pact.ts";

/** The venues to verify; undefined for those left out. */
export interface VerifyFlags {
  readonly provider: string | undefined;
  readonly providerUrl: string | undefined;
  readonly wsUrl: string | undefined;
  readonly controlUrl: string | undefined;
  readonly publicOnly: boolean;
  readonly allowHost: readonly string[];
}

/** The stubs' default keys. */
const STUB_KEYS: Readonly<Record<Provider, Credentials>> = {
  "binance-spot": { key: "kanit-binance-key", secret: "kanit-binance-secret" },
  btcturk: { key: "kanit-btcturk-key", secret: "a2FuaXQtYnRjdHVyay1zZWNyZXQ=" },
};

/**
 * Verifies the venue at an address, or kanit's own stubs, which it starts. Passes each verification to
 * `onVerified` and returns one exit code for all.
 *
 * @throws UsageError, RefusedError for invalid flags; UnavailableError when a venue cannot be verified.
 */
export async function verifyProviders(
  flags: VerifyFlags,
  credentials: Partial<Credentials>,
  onVerified: (verification: PactVerification, verdict: Verdict) => void,
): Promise<number> {
  const provider = providerOf(flags.provider);
  const verdicts: Verdict[] = [];
  const verify = async (venue: VenueUnderVerification): Promise<void> => {
    const verification = await verificationOf(venue);
    const verdict = verdictOf(verification);
    verdicts.push(verdict);
    onVerified(verification, verdict);
  };
  if (flags.providerUrl !== undefined)
    await verify(remoteVenue(provider, flags, flags.providerUrl, credentials));
  else if (flags.wsUrl !== undefined || flags.controlUrl !== undefined) throw needsProviderUrl();
  else {
    await using stubs = await startStubs();
    for (const each of provider === undefined ? PROVIDERS : [provider]) await verify(stubs.venues[each]);
  }
  return verdicts.length === 0 ? EXIT_CODE.inconclusive : exitCodeOf(mergeVerdicts(verdicts));
}

async function verificationOf(venue: VenueUnderVerification): Promise<PactVerification> {
  try {
    return await verifyPact(venue);
  } catch (error) {
    // A violation is an expected result of a verification and is reported with the others.
    if (error instanceof ContractViolationError) return error.verification;
    throw error;
  }
}

function remoteVenue(
  provider: Provider | undefined,
  { wsUrl, controlUrl, publicOnly, allowHost }: VerifyFlags,
  providerUrl: string,
  { key, secret }: Partial<Credentials>,
): VenueUnderVerification {
  if (provider === undefined) {
    throw new UsageError({
      code: "provider-missing",
      message: "Expected --provider with --provider-url, which names the pact to verify.",
      nextStep: `Add --provider ${PROVIDERS.join(" or --provider ")}.`,
    });
  }
  const http = ["http:", "https:"];
  return {
    provider,
    restUrl: allowedUrl(providerUrl, http, allowHost),
    webSocketUrl: wsUrl === undefined ? null : allowedUrl(wsUrl, ["ws:", "wss:"], allowHost),
    controlUrl: controlUrl === undefined ? null : allowedUrl(controlUrl, http, allowHost),
    isPublicOnly: publicOnly,
    allowedHosts: allowHost,
    key: key ?? STUB_KEYS[provider].key,
    secret: secret ?? STUB_KEYS[provider].secret,
  };
}

function providerOf(name: string | undefined): Provider | undefined {
  const provider = PROVIDERS.find((known) => known === name);
  if (name === undefined || provider !== undefined) return provider;
  throw new UsageError({
    code: "unknown-provider",
    message: `Expected a provider that the platform has a pact with, got ${JSON.stringify(name)}.`,
    nextStep: `Known are ${PROVIDERS.join(", ")}.`,
  });
}

function needsProviderUrl(): UsageError {
  return new UsageError({
    code: "provider-url-missing",
    message: "Expected --ws-url and --control-url only beside --provider-url.",
    nextStep: "Add the venue's REST address, or omit both to verify kanit's own stubs.",
  });
}
