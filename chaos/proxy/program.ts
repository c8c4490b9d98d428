import { parseArgs } from "node:util";
import { pino } from "pino";
import { EXIT_CODE, KanitError, readControlToken, UsageError } from "../../core/index.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import type { LeaseEnd } from "./leases/lease-book.ts";
import type { LinkFence } from "./link-fence.ts";

const log = pino({ name: "fault-proxy", base: null }, pino.destination({ fd: 2, sync: true }));

// The fault proxy's program. Prints one line of JSON when its control API listens, and ends on SIGTERM or
// SIGINT.
try {
  const proxy = await startFaultProxy({ ...readOptions(), onLeaseEnd: logLeaseEnd });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => proxy.stop().then(() => process.exit(0), fail));
  }
  process.stdout.write(`${JSON.stringify({ event: "listening", url: proxy.url })}\n`);
} catch (error) {
  fail(error);
}

function logLeaseEnd({ lease, ending, problem }: LeaseEnd): void {
  const { id, owner, ttlMs } = lease;
  if (problem === null) log.info({ id, owner, ttlMs }, `lease ${ending}, its changes are undone`);
  else log.warn({ id, owner, ttlMs, problem }, `lease ${ending}; its changes cannot be undone yet`);
}

function readOptions() {
  const options = {
    port: { type: "string", default: "8474" },
    seed: { type: "string", default: "0" },
    "loopback-only": { type: "boolean", default: false },
    "allow-host": { type: "string", multiple: true },
  } as const;
  try {
    const { values } = parseArgs({ options });
    const allowedHosts = values["allow-host"] ?? [];
    const fence: LinkFence = values["loopback-only"] ? { kind: "loopback", allowedHosts } : { kind: "open" };
    // biome-ignore lint/style/noProcessEnv: main.ts loads this file as the program.
    const controlToken = readControlToken(process.env);
    return {
      port: wholeNumber("port", values.port),
      seed: wholeNumber("seed", values.seed),
      fence,
      controlToken,
    };
  } catch (error) {
    if (error instanceof KanitError) throw error;
    throw new UsageError({
      code: "bad-option",
      message: `Expected --port, --seed, --loopback-only and --allow-host, got: ${(error as Error).message}.`,
      nextStep: "For example: --port 0 --seed 1.",
      cause: error,
    });
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError({
    code: "bad-option",
    message: `Expected a whole number for --${option}, got ${JSON.stringify(text)}.`,
    nextStep: "Give --port (0: any free one) and --seed as numbers of at least 0.",
  });
}

function fail(error: unknown): never {
  const known = error instanceof KanitError;
  process.stderr.write(`kanit: ${known ? `${error.message} ${error.nextStep}` : String(error)}\n`);
  process.exit(known ? error.exitCode : EXIT_CODE.internal);
}
