import { pino } from "pino";
import { EXIT_CODE, KanitError, readControlToken } from "../../core/index.ts";
import { API_VERSION } from "./api/routes.ts";
import { readCommandLine } from "./command-line.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import type { LeaseEnd } from "./leases/lease-book.ts";

const log = pino({ name: "fault-proxy", base: null }, pino.destination({ fd: 2, sync: true }));

// The fault proxy's program. Prints one line of JSON when its control API listens, and ends on SIGTERM or
// SIGINT.
try {
  const command = readCommandLine(process.argv.slice(2));
  if (command.kind === "version") {
    process.stdout.write(`kanit's fault proxy, with the API of Toxiproxy ${API_VERSION}\n`);
  } else {
    // biome-ignore lint/style/noProcessEnv: main.ts loads this file as the program.
    const controlToken = readControlToken(process.env);
    const proxy = await startFaultProxy({ ...command, controlToken, onLeaseEnd: logLeaseEnd });
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => proxy.stop().then(() => process.exit(0), fail));
    }
    process.stdout.write(`${JSON.stringify({ event: "listening", url: proxy.url })}\n`);
  }
} catch (error) {
  fail(error);
}

function logLeaseEnd({ lease, ending, problem }: LeaseEnd): void {
  const { id, owner, ttlMs } = lease;
  if (problem === null) log.info({ id, owner, ttlMs }, `lease ${ending}, its changes are undone`);
  else log.warn({ id, owner, ttlMs, problem }, `lease ${ending}; its changes cannot be undone yet`);
}

function fail(error: unknown): never {
  const known = error instanceof KanitError;
  process.stderr.write(`kanit: ${known ? `${error.message} ${error.nextStep}` : String(error)}\n`);
  process.exit(known ? error.exitCode : EXIT_CODE.internal);
}
