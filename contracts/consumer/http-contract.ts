import { MatchersV3, type PactV4, type V3Request, type V3Response } from "@pact-foundation/pact";
import type { Venue, VenueLink } from "../../platform/index.ts";

type Matcher<T> = MatchersV3.Matcher<T>;

/** A precondition at the venue, which the provider has to set up. */
export interface ProviderState {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** One call of the platform to a venue, with an answer that the platform understands. */
export interface HttpContract {
  /** Continues the sentence "the venue receives …". Unique within its pact. */
  readonly description: string;
  readonly states: readonly ProviderState[];
  readonly request: {
    readonly method: "GET" | "POST" | "DELETE";
    readonly path: string | Matcher<string>;
    readonly query: NonNullable<V3Request["query"]>;
    readonly headers: NonNullable<V3Request["headers"]>;
    /** Null for a request without a body. */
    readonly body: V3Request["body"] | null;
  };
  readonly response: {
    readonly status: number;
    readonly headers: NonNullable<V3Response["headers"]>;
    readonly body: V3Response["body"];
  };
  /** The calls that the platform makes by itself before or after this one. */
  readonly followUps: readonly HttpContract[];
  /** Makes the call with the platform's own adapter, and checks the result. */
  readonly exercise: (platform: VenueAdapter) => Promise<void>;
}

/** The platform's adapter for a venue, and the connection that its feeds use. */
interface VenueAdapter {
  readonly venue: Venue;
  readonly link: VenueLink;
}

/** Connects the platform's adapter to a venue at this address. */
export type ConnectVenue = (url: string) => VenueAdapter;

const { regex } = MatchersV3;

/** A state without parameters. */
export const state = (name: string, parameters: ProviderState["parameters"] = {}): ProviderState => ({
  name,
  parameters,
});

/** A text with a value that only the provider's state knows: `prefix` and then the value of that name. */
export const fromState = (name: string, example: string, prefix = ""): Matcher<string> =>
  MatchersV3.fromProviderState(`${prefix}\${${name}}`, `${prefix}${example}`);

/** JSON with any charset. */
export const JSON_HEADERS = { "Content-Type": regex("application/json.*", "application/json;charset=UTF-8") };

const DECIMAL = "^-?\\d+(\\.\\d+)?$";

/** A decimal, written as text or as a JSON number: Pact's regex matches both. */
export const decimal = (example: string): Matcher<string> => regex(DECIMAL, example);

/** A decimal written as text, which keeps it exact. */
export const decimalText = (example: string): Matcher<string> => {
  const both = [{ "pact:matcher:type": "type" }, { "pact:matcher:type": "regex", regex: DECIMAL }];
  // Pact accepts several matchers for one value, but its types do not.
  return { "pact:matcher:type": both, value: example } as unknown as Matcher<string>;
};

/**
 * Runs one contract against Pact's mock of the venue, and writes it to the pact when the platform's adapter
 * sent what the contract says and understood the answer.
 */
export async function exerciseContract(
  pact: PactV4,
  contract: HttpContract,
  connect: ConnectVenue,
): Promise<void> {
  for (const followUp of contract.followUps) describeContract(pact, followUp);
  await describeContract(pact, contract).executeTest(async (mock) => {
    const adapter = connect(mock.url);
    try {
      await contract.exercise(adapter);
    } finally {
      adapter.link.close();
    }
  });
}

function describeContract(pact: PactV4, { description, states, request, response }: HttpContract) {
  let interaction = pact.addInteraction();
  for (const { name, parameters } of states) interaction = interaction.given(name, { ...parameters });
  return interaction
    .uponReceiving(description)
    .withRequest(request.method, request.path, (builder) => {
      builder.query(request.query).headers(request.headers);
      if (request.body !== null) builder.jsonBody(request.body);
    })
    .willRespondWith(response.status, (builder) => {
      builder.headers(response.headers).jsonBody(response.body);
    });
}
