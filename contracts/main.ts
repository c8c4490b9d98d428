import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { parseArgs, promisify } from "node:util";
import { EXIT_CODE, programEnding, UsageError } from "../core/index.ts";
import { brokerSettings } from "./broker/broker-settings.ts";
import { PactBroker } from "./broker/pact-broker.ts";
import { type ContractsResult, writeResult } from "./contracts-result.ts";
import { CONSUMER, PROVIDERS, pactPath } from "./matching/pact-file.ts";
import { verifyProviders } from "./verify-providers.ts";

/** The action of each command. It returns the exit code. */
const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  verify,
  publish,
  "can-i-deploy": canIDeploy,
};

const TEXT = { type: "string" } as const;

/** One JSON line per result; everything else on standard output is Pact's own output. */
function print(result: ContractsResult): void {
  process.stdout.write(`${writeResult(result)}\n`);
}

function verify(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      provider: TEXT,
      "provider-url": TEXT,
      "ws-url": TEXT,
      "control-url": TEXT,
      "public-only": { type: "boolean", default: false },
      "allow-host": { type: "string", multiple: true, default: [] },
    },
  });
  const flags = {
    provider: values.provider,
    providerUrl: values["provider-url"],
    wsUrl: values["ws-url"],
    controlUrl: values["control-url"],
    publicOnly: values["public-only"],
    allowHost: values["allow-host"],
  };
  const { KANIT_VENUE_KEY: key, KANIT_VENUE_SECRET: secret } = process.env;
  const credentials = { ...(key === undefined ? {} : { key }), ...(secret === undefined ? {} : { secret }) };
  return verifyProviders(flags, credentials, (verification, verdict) => {
    print({ event: "verified", verdict, ...verification });
  });
}

async function publish(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { "consumer-app-version": TEXT, branch: TEXT } });
  const broker = new PactBroker(brokerSettings(process.env));
  const version = values["consumer-app-version"] ?? (await gitCommit());
  const pacts = await Promise.all(
    PROVIDERS.map(async (provider) => ({ provider, text: await readFile(pactPath(provider), "utf8") })),
  );
  const branch = values.branch ?? null;
  const notices = await broker.publish({ consumer: CONSUMER, version, branch, pacts });
  print({ event: "published", consumer: CONSUMER, version, providers: PROVIDERS, notices });
  return EXIT_CODE.pass;
}

async function canIDeploy(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { pacticipant: { ...TEXT, default: CONSUMER }, version: TEXT, "to-environment": TEXT },
  });
  const { pacticipant, version = await gitCommit(), "to-environment": environment } = values;
  if (environment === undefined) {
    throw new UsageError({
      code: "environment-missing",
      message: "Expected a target environment, got no --to-environment.",
      nextStep: "Name it as the broker does: --to-environment production.",
    });
  }
  const answer = await new PactBroker(brokerSettings(process.env)).canIDeploy({
    pacticipant,
    version,
    environment,
  });
  print({ event: "deployability", pacticipant, version, environment, ...answer });
  if (answer.deployable === null) return EXIT_CODE.inconclusive;
  return answer.deployable ? EXIT_CODE.pass : EXIT_CODE.fail;
}

async function gitCommit(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: import.meta.dirname });
    return stdout.trim();
  } catch (cause) {
    throw new UsageError({
      code: "version-missing",
      message: "Expected the version of the platform, got none, and there is no git commit to use instead.",
      nextStep: "Name it: --consumer-app-version for publish, --version for can-i-deploy.",
      cause,
    });
  }
}

function end(error: unknown): void {
  const { exitCode, text } = programEnding(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}

process.on("uncaughtException", (error) => {
  end(error);
  process.exit();
});
try {
  const [name = "", ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new UsageError({
      code: "unknown-command",
      message: `Expected a command, got ${JSON.stringify(name)}.`,
      nextStep: `Known are ${Object.keys(COMMANDS).join(", ")}.`,
    });
  }
  process.exitCode = await command(args);
} catch (error) {
  end(error);
}
