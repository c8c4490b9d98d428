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
 * interface, and each message against a frame that it sends. Interactions whose state cannot be set up at
 * this venue count as not verified.
 *
 * @throws ContractViolationError when the venue violates the pact.
 * @throws UnavailableError when the venue cannot be reached, or the setup of a state failed.
 */
export async function verifyPact(venue: VenueUnderVerification, pact?: Pact): Promise<PactVerification> {
  const { interactions } = pact ?? (await readPact(venue.provider));
  await ask(venue.restUrl, venue.allowedHosts, { method: "GET" });
  const states = new ProviderStates(venue);
  const frames = venueFrames(venue);
  const unverifiable = new Map(
    interactions.map((each) => [each, reasonUnverifiable(each, venue, states, frames)]),
  );
  const within = interactions.filter((each) => unverifiable.get(each) === undefined);
  const results = within.length === 0 ? [] : await verify(venue, within, states, frames);
  const verification: PactVerification = {
    provider: venue.provider,
    kept: results.filter(({ mismatches }) => mismatches.length === 0).map(({ description }) => description),
    notVerified: interactions.flatMap((each) => {
      const reason = unverifiable.get(each);
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
function reasonUnverifiable(
  interaction: Interaction,
  { isPublicOnly }: VenueUnderVerification,
  states: ProviderStates,
  frames: FrameSource,
): string | undefined {
  const { type, description, providerStates } = interaction;
  if (isPublicOnly && !isPublic(interaction)) return "needs a key, and only public questions are asked";
  if (type === "Asynchronous/Messages" && frames[description] === undefined) return "needs a WebSocket";
  for (const { name } of providerStates) {
    const reason = states.reasonUnavailable(name);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** The headers that carry a key of a venue. */
const KEY_HEADERS = ["x-mbx-apikey", "x-pck"];

/** Whether anybody may ask it: it reads, and is not signed. */
function isPublic(interaction: Interaction): boolean {
  if (interaction.type === "Asynchronous/Messages") return true;
  const { method, headers } = interaction.request;
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return method === "GET" && !names.some((name) => KEY_HEADERS.includes(name));
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
  /** Pact reports a failed setup like a failed interaction, so it is kept and thrown as what it is. */
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

/** Signs requests as the states require, by the venue's own rules. */
function signerOf({ provider }: VenueUnderVerification, states: ProviderStates) {
  const btcturk = new BtcturkSigner();
  return (request: SignableRequest): void => {
    if (provider === "binance-spot") signForBinance(request, states.credentials, Date.now());
    else btcturk.sign(request, states.credentials, Date.now());
  };
}
