import { parseArgs } from "node:util";
import { pino } from "pino";
import { EXIT_CODE, KanitError, readControlToken, UsageError } from "../core/index.ts";
import { CREDENTIALS } from "../venues/index.ts";
import { symbolsOf } from "./open-tape.ts";
import { completeOptions, type LooseExchangesOptions } from "./options.ts";
import { startExchanges } from "./start-exchanges.ts";

const FLAGS: Readonly<Record<string, keyof LooseExchangesOptions>> = {
  seed: "seed",
  tape: "tape",
  snapshot: "snapshot",
  "tape-speed": "tapeSpeed",
  "tape-time": "tapeTime",
  "tape-start": "tapeStart",
  "rate-limits": "rateLimits",
  "binance-listen-keys": "binanceListenKeys",
  "binance-connection-life-ms": "binanceConnectionLifeMs",
  "first-port": "firstPort",
};

/** Flags that can be given several times. */
const LISTS: readonly string[] = ["tape", "snapshot"];
/** Prints the symbols of the market, and ends without starting anything. */
const INSPECT = "--inspect-tape";

const log = pino({ name: "exchanges", base: null }, pino.destination({ fd: 2, sync: true }));

function readFlags(args: readonly string[]): LooseExchangesOptions {
  const flags = Object.fromEntries(
    Object.keys(FLAGS).map((flag) => [flag, { type: "string" as const, multiple: LISTS.includes(flag) }]),
  );
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

async function inspect(flags: readonly string[]): Promise<never> {
  const symbols = await symbolsOf(completeOptions(readFlags(flags)));
  process.stdout.write(`${JSON.stringify({ event: "tape", symbols })}\n`);
  process.exit(EXIT_CODE.pass);
}

try {
  const [first, ...others] = process.argv.slice(2);
  if (first === INSPECT) await inspect(others);
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
