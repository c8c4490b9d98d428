import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpInteraction, PactResponse } from "./pact-file.ts";
import { type Mismatch, runVerifier } from "./run-verifier.ts";

/** An answer of a venue, live or recorded. */
export interface VenueAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer, and the response in the pact that it should match. */
export interface Comparison {
  readonly answer: VenueAnswer;
  readonly response: PactResponse;
}

/**
 * Compares answers with the responses of a pact by Pact's own matching: its verifier requests a loopback
 * server that replays the answers. Returns the mismatches of each comparison; none when the answer matches.
 */
export async function compareAnswers(
  provider: string,
  comparisons: readonly Comparison[],
): Promise<readonly (readonly Mismatch[])[]> {
  if (comparisons.length === 0) return [];
  const server = createServer((request, response) => {
    const answer = comparisons[Number(request.url?.slice(1))]?.answer;
    if (answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const results = await runVerifier(provider, comparisons.map(playedBack), {
      providerBaseUrl: `http://127.0.0.1:${port}`,
      logLevel: "error",
    });
    const byIndex = new Map(results.map(({ description, mismatches }) => [Number(description), mismatches]));
    return comparisons.map((_, index) => byIndex.get(index) ?? [NOT_COMPARED]);
  } finally {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}

const NOT_COMPARED: Mismatch = {
  field: "answer",
  expected: "to be compared",
  received: "no result of Pact's verifier",
};

function playedBack({ response }: Comparison, index: number): HttpInteraction {
  return {
    type: "Synchronous/HTTP",
    description: String(index),
    providerStates: [],
    request: { method: "GET", path: `/${index}`, headers: {} },
    response,
  };
}
