import { parseArgs } from "node:util";
import { pino } from "pino";
import { EXIT_CODE, KanitError, readControlToken, UsageError } from "../core/index.ts";
import { CREDENTIALS } from "../venues/index.ts";
import type { LooseExchangesOptions } from "./options.ts";
import { startExchanges } from "./start-exchanges.ts";

const FLAGS: Readonly<Record<string, keyof LooseExchangesOptions>> = {
  seed: "seed",
  tape: "tape",
  "tape-speed": "tapeSpeed",
  "tape-time": "tapeTime",
  "tape-start": "tapeStart",
  "rate-limits": "rateLimits",
  "binance-listen-keys": "binanceListenKeys",
  "binance-connection-life-ms": "binanceConnectionLifeMs",
  "first-port": "firstPort",
};

const log = pino({ name: "exchanges", base: null }, pino.destination({ fd: 2, sync: true }));

function readFlags(args: readonly string[]): LooseExchangesOptions {
  const flags = Object.fromEntries(Object.keys(FLAGS).map((flag) => [flag, { type: "string" as const }]));
  try {
    const { values } = parseArgs({ args: [...args], options: flags, strict: true });
    return Object.fromEntries(Object.entries(FLAGS).map(([flag, name]) => [name, values[flag]]));
  } catch (cause) {
    throw new UsageError({
      code: "bad-flag",
      message: `Expected known flags, got: ${String(cause)}.`,
      nextStep: `Known are ${Object.keys(FLAGS).join(", ")}.`,
      cause,
    });
  }
}

/** Keys and secrets come by the environment: every user of the machine can read a program's arguments. */
function readCredentials(variables: NodeJS.ProcessEnv): LooseExchangesOptions {
  return Object.fromEntries(CREDENTIALS.map(({ option, stubVariable }) => [option, variables[stubVariable]]));
}

function fail(cause: unknown): never {
  if (cause instanceof KanitError) {
    process.stderr.write(`kanit: ${cause.message} ${cause.nextStep}\n`);
    process.exit(cause.exitCode);
  }
  log.fatal({ err: cause }, "the exchange stubs failed");
  process.exit(EXIT_CODE.internal);
}

try {
  const options = { ...readFlags(process.argv.slice(2)), ...readCredentials(process.env) };
  const exchanges = await startExchanges(options, {
    onError: fail,
    controlToken: readControlToken(process.env),
  });
  process.stdout.write(
    `${JSON.stringify({ event: "listening", ...exchanges.addresses, links: exchanges.ports })}\n`,
  );
  const stop = (): void => {
    exchanges.stop().then(() => process.exit(EXIT_CODE.pass), fail);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
} catch (cause) {
  fail(cause);
}
