import { type ContractsResult, readResult } from "../contracts/index.ts";
import { EXIT_CODE, type ExitCode, mergeVerdicts } from "../core/index.ts";
import type { ContractSpot, Target } from "../gates/index.ts";
import type { CommandContext } from "./context.ts";
import { runProgram } from "./run-program.ts";

type Verified = Extract<ContractsResult, { event: "verified" }>;

/** A venue that can be asked: the name of its pact, and its REST address. */
interface SpotVenue {
  readonly provider: string;
  readonly url: string;
  /** The address of its public feed; null where it is not known. */
  readonly stream: string | null;
}

/** The pacts, by the venue's name in a release file. */
const PROVIDERS: Readonly<Record<string, string>> = { binance: "binance-spot", btcturk: "btcturk" };

/** The venues of a target that have a pact: as a lab's links lead to them, or where a release file's addresses are. */
export function spotVenues({ venueMarkets, venueStreams }: Target["parts"]): readonly SpotVenue[] {
  return Object.entries(venueMarkets ?? {}).flatMap(([venue, address]) => {
    const provider = PROVIDERS[venue];
    return provider === undefined
      ? []
      : [{ provider, url: new URL(address).origin, stream: venueStreams?.[venue] ?? null }];
  });
}

/**
 * Asks each venue what its pact says, as `kanit contracts verify --public-only` does. A venue that serves users is
 * put into no state and gets no order and no signed question: what needs one is not looked at, and the lines say
 * how much that is.
 */
export async function lookAtContracts(
  venues: readonly SpotVenue[],
  allowedHosts: readonly string[],
  context: CommandContext,
): Promise<ContractSpot> {
  const spots: ContractSpot[] = [];
  for (const venue of venues) spots.push(await lookAt(venue, allowedHosts, context));
  return {
    verdict: mergeVerdicts(spots.map(({ verdict }) => verdict)),
    lines: spots.flatMap(({ lines }) => lines),
  };
}

async function lookAt(
  { provider, url, stream }: SpotVenue,
  allowedHosts: readonly string[],
  context: CommandContext,
): Promise<ContractSpot> {
  const results: Verified[] = [];
  let code: ExitCode = EXIT_CODE.internal;
  const program = {
    script: "contracts/main.ts",
    arguments: [
      "verify",
      `--provider=${provider}`,
      `--provider-url=${url}`,
      ...(stream === null ? [] : [`--ws-url=${stream}`]),
      "--public-only",
      ...allowedHosts.map((host) => `--allow-host=${host}`),
    ],
    onLine: (line: string) => {
      const result = readResult(line);
      if (result?.event === "verified") results.push(result);
    },
    hasFailed: () => results.some(({ verdict }) => verdict === "fail"),
  };
  const exitWith = (given: ExitCode): void => {
    code = given;
  };
  await runProgram(program, { ...context, exitWith });
  const [result] = results;
  return result === undefined
    ? { verdict: "inconclusive", lines: [`inconclusive  ${provider}: not verified, exit code ${code}`] }
    : spotOf(provider, result);
}

/** What was asked and kept passes, although other parts of the pact were not asked. */
function spotOf(
  provider: string,
  { kept, notVerified, violations }: Pick<Verified, "kept" | "notVerified" | "violations">,
): ContractSpot {
  const verdict = violations.length > 0 ? "fail" : kept.length > 0 ? "pass" : "inconclusive";
  return {
    verdict,
    lines: [
      `${verdict.padEnd(14)}${provider}: ${kept.length} interactions kept, ${violations.length} violations, ${notVerified.length} not looked at`,
      ...violations.map(
        ({ interaction, field, expected, received }) =>
          `  violated: ${interaction}: ${field}: expected ${expected}, received ${received}`,
      ),
      ...kept.map((interaction) => `  kept: ${interaction}`),
      ...notVerified.map(({ interaction, reason }) => `  not looked at: ${interaction}: ${reason}`),
    ],
  };
}
