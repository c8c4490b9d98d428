import { type Interaction, type Pact, readPact } from "../matching/pact-file.ts";
import { type InteractionResult, runVerifier, type VerificationOptions } from "../matching/run-verifier.ts";
import { ask } from "./ask.ts";
import { ContractViolationError, type PactVerification } from "./contract-violation.ts";
import { ProviderStates } from "./provider-states.ts";
import { BtcturkSigner, type SignableRequest, signForBinance } from "./sign-request.ts";
import { startSigningProxy } from "./signing-proxy.ts";
import { type FrameSource, venueFrames } from "./venue-frames.ts";
import type { VenueUnderVerification } from "./venue-under-verification.ts";

/**
 * Verifies a venue against the platform's pact, or the given one: each interaction against its REST
 * interface, and each message against a frame that it sends. A state that this venue cannot be brought into
 * counts as not verified.
 *
 * @throws ContractViolationError when the venue does not keep to the pact.
 * @throws UnavailableError when the venue cannot be reached, or a state that can be set up was not.
 */
export async function verifyPact(venue: VenueUnderVerification, pact?: Pact): Promise<PactVerification> {
  const { interactions } = pact ?? (await readPact(venue.provider));
  await ask(venue.restUrl, venue.allowedHosts, { method: "GET" });
  const states = new ProviderStates(venue);
  const frames = venueFrames(venue);
  const obstacles = new Map(interactions.map((each) => [each, obstacleTo(each, states, frames)]));
  const within = interactions.filter((each) => obstacles.get(each) === undefined);
  const results = within.length === 0 ? [] : await verify(venue, within, states, frames);
  const verification: PactVerification = {
    provider: venue.provider,
    kept: results.filter(({ mismatches }) => mismatches.length === 0).map(({ description }) => description),
    notVerified: interactions.flatMap((each) => {
      const reason = obstacles.get(each);
      return reason === undefined ? [] : [{ interaction: each.description, reason }];
    }),
    violations: results.flatMap(({ description, mismatches }) =>
      mismatches.map((mismatch) => ({ interaction: withStates(description, within), ...mismatch })),
    ),
  };
  if (verification.violations.length > 0) throw new ContractViolationError(verification);
  return verification;
}

/** Why an interaction cannot be verified at this venue. */
function obstacleTo(
  { type, description, providerStates }: Interaction,
  states: ProviderStates,
  frames: FrameSource,
): string | undefined {
  if (type === "Asynchronous/Messages" && frames[description] === undefined) return "needs a WebSocket";
  for (const { name } of providerStates) {
    const obstacle = states.obstacle(name);
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

function withStates(description: string, interactions: readonly Interaction[]): string {
  const states = interactions.find((each) => each.description === description)?.providerStates ?? [];
  return states.length === 0 ? description : `${description} (${states.map(({ name }) => name).join(", ")})`;
}

async function verify(
  venue: VenueUnderVerification,
  interactions: readonly Interaction[],
  states: ProviderStates,
  frames: FrameSource,
): Promise<readonly InteractionResult[]> {
  const failures: unknown[] = [];
  /** Pact tells a failed preparation like a failed interaction: kept, to be told as what it is. */
  const noted = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      failures.push(error);
      throw error;
    });
  await using proxy = await startSigningProxy(venue, signerOf(venue, states), (error) => {
    failures.push(error);
  });
  const options: VerificationOptions = {
    providerBaseUrl: proxy.url,
    logLevel: "error",
    beforeEach: () => noted(states.reset()),
    stateHandlers: Object.fromEntries(
      Object.entries(states.setUps).map(([name, setUp]) => [
        name,
        {
          setup: (parameters: unknown) =>
            noted(setUp((parameters ?? {}) as Readonly<Record<string, string>>)),
        },
      ]),
    ),
    messageProviders: Object.fromEntries(
      Object.entries(frames).map(([name, next]) => [
        name,
        async () => JSON.parse(await noted(next())) as unknown,
      ]),
    ),
  };
  const results = await runVerifier(venue.provider, interactions, options);
  if (failures[0] !== undefined) throw failures[0];
  return results;
}

/** Signs requests as the states say, by the venue's own rules. */
function signerOf({ provider }: VenueUnderVerification, states: ProviderStates) {
  const btcturk = new BtcturkSigner();
  return (request: SignableRequest): void => {
    if (provider === "binance-spot") signForBinance(request, states.credentials, Date.now());
    else btcturk.sign(request, states.credentials, Date.now());
  };
}
