import type { Command } from "commander";
import { type ContractsResult, readResult } from "../../contracts/index.ts";
import { type ExitCode, exitCodeOf, SecretStream } from "../../core/index.ts";
import type { CommandContext } from "../context.ts";
import { collect, nonEmpty } from "../parse-arguments.ts";
import { runProgram } from "../run-program.ts";

interface VerifyFlags {
  readonly provider?: string;
  readonly providerUrl?: string;
  readonly wsUrl?: string;
  readonly controlUrl?: string;
  readonly publicOnly?: boolean;
  readonly allowHost: readonly string[];
  readonly verbose?: boolean;
}

const BROKER =
  "\nThe broker is the one of PACT_BROKER_BASE_URL, with PACT_BROKER_TOKEN or PACT_BROKER_USERNAME and " +
  "PACT_BROKER_PASSWORD.";
const VENUE_KEYS =
  "\nKANIT_VENUE_KEY and KANIT_VENUE_SECRET sign the requests to --provider-url (default: those of the stubs).";

/** `kanit contracts verify`, `publish` and `can-i-deploy`: the contracts between the platform and its venues. */
export function addContractsCommand(program: Command, context: CommandContext): void {
  const contracts = program
    .command("contracts")
    .description(
      "verify the pacts with the exchanges, publish them, check whether a version may be deployed",
    );
  contracts
    .command("verify")
    .description("verify the exchanges against the pacts: kanit's own stubs, or the one at --provider-url")
    .option("--provider <name>", "binance-spot or btcturk (default: both)", nonEmpty)
    .option("--provider-url <url>", "the REST address of another venue", nonEmpty)
    .option("--ws-url <url>", "its WebSocket, for the frames", nonEmpty)
    .option("--control-url <url>", "its control API, for the states", nonEmpty)
    .option("--public-only", "with --provider-url: sign no question and place no order")
    .option("--allow-host <name>", "allow this host, which is not this machine; repeatable", collect, [])
    .option("--verbose", "show Pact's own text as well")
    .addHelpText("after", VENUE_KEYS)
    .action((flags: VerifyFlags) => run("verify", verifyArguments(flags), flags.verbose === true, context));
  contracts
    .command("publish")
    .description("publish the pacts to a Pact Broker")
    .option("--consumer-app-version <version>", "the platform's version (default: the git commit)", nonEmpty)
    .option("--branch <name>", "the branch of that version", nonEmpty)
    .addHelpText("after", BROKER)
    .action((flags: Readonly<Record<string, string>>) =>
      run(
        "publish",
        [...given("--consumer-app-version", flags.consumerAppVersion), ...given("--branch", flags.branch)],
        false,
        context,
      ),
    );
  contracts
    .command("can-i-deploy")
    .description("ask a Pact Broker whether a version may be deployed: 0 yes, 1 no, 2 unknown")
    .option("--pacticipant <name>", "the consumer or provider to check", nonEmpty, "spark")
    .option("--version <version>", "its version (default: the git commit)", nonEmpty)
    .requiredOption("--to-environment <name>", "the target environment: production")
    .addHelpText("after", BROKER)
    .action((flags: Readonly<Record<string, string>>) =>
      run(
        "can-i-deploy",
        [
          ...given("--pacticipant", flags.pacticipant),
          ...given("--version", flags.version),
          ...given("--to-environment", flags.toEnvironment),
        ],
        false,
        context,
      ),
    );
}

function verifyArguments(flags: VerifyFlags): string[] {
  const { provider, providerUrl, wsUrl, controlUrl, publicOnly, allowHost } = flags;
  return [
    ...given("--provider", provider),
    ...given("--provider-url", providerUrl),
    ...given("--ws-url", wsUrl),
    ...given("--control-url", controlUrl),
    ...(publicOnly === true ? ["--public-only"] : []),
    ...allowHost.flatMap((host) => given("--allow-host", host)),
  ];
}

function given(flag: string, value: string | undefined): string[] {
  // As one argument, so that a value that begins with a dash is not taken for an option.
  return value === undefined ? [] : [`${flag}=${value}`];
}

async function run(
  command: string,
  words: readonly string[],
  isVerbose: boolean,
  context: CommandContext,
): Promise<void> {
  const { environment, output, noteVerdict } = context;
  environment.secrets.registerVariables(environment.contractVariables);
  let hasFailed = false;
  const results: ContractsResult[] = [];
  // A secret may be wrapped over several lines of Pact's own text.
  const text = new SecretStream(environment.secrets);
  const show = (clean: string) => {
    if (clean !== "") output.line(clean.replace(/\n$/, ""));
  };
  await runProgram(
    {
      script: "contracts/main.ts",
      arguments: [command, ...words],
      onLine: (line) => {
        const result = readResult(line);
        if (result === null) {
          if (isVerbose) show(text.push(`${line}\n`));
          return;
        }
        results.push(result);
        output.result({ results });
        if (result.event === "verified") noteVerdict(result.verdict);
        hasFailed ||= isFail(result);
        show(text.end());
        for (const each of linesOf(result)) output.line(each);
      },
      hasFailed: () => hasFailed,
    },
    { ...context, exitWith: (code) => end(code, context) },
  );
  show(text.end());
}

/** The program judges, and its exit code says how. */
function end(code: ExitCode, { conclude, exitWith }: CommandContext): void {
  const verdicts = ["pass", "fail", "inconclusive"] as const;
  const verdict = verdicts.find((each) => exitCodeOf(each) === code);
  if (verdict === undefined) exitWith(code);
  else conclude(verdict);
}

function isFail(result: ContractsResult): boolean {
  return result.event === "verified"
    ? result.verdict === "fail"
    : result.event === "deployability" && result.deployable === false;
}

function linesOf(result: ContractsResult): readonly string[] {
  switch (result.event) {
    case "verified":
      return verificationLines(result);
    case "published":
      return [
        `published ${result.consumer} ${result.version}: pacts with ${result.providers.join(", ")}`,
        ...result.notices.map((notice) => `  ${notice}`),
      ];
    case "deployability": {
      const answer = result.deployable === null ? "UNKNOWN" : result.deployable ? "YES" : "NO";
      return [
        `${answer} ${result.pacticipant} ${result.version} to ${result.environment}`,
        ...result.reason.split("\n").map((reason) => `  ${reason}`),
      ];
    }
  }
}

function verificationLines({
  verdict,
  provider,
  kept,
  notVerified,
  violations,
}: Extract<ContractsResult, { event: "verified" }>) {
  const broken = new Set(violations.map(({ interaction }) => interaction)).size;
  const total = kept.length + broken + notVerified.length;
  const count = {
    pass: `${total} interactions`,
    fail: `${broken} of ${total} interactions violated`,
    inconclusive: `${kept.length} of ${total} interactions verified`,
  };
  return [
    `${verdict.toUpperCase()} ${provider} ${count[verdict]}`,
    ...violations.map(
      ({ interaction, field, expected, received }) =>
        `  ${interaction}: ${field}: expected ${expected}, received ${received}`,
    ),
    ...notVerified.map(({ interaction, reason }) => `  not verified: ${interaction}: ${reason}`),
  ];
}
