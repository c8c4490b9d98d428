import { chmod } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { z } from "zod";
import { EXIT_CODE, KanitError, UsageError } from "../../core/index.ts";
import { readBody } from "../../network/index.ts";
import type { LabPowers } from "./lab-powers.ts";
import {
  type errorReply,
  killRequest,
  type ProcessesState,
  pauseRequest,
  type resumeReply,
} from "./powers-protocol.ts";

// sun_path: 104 bytes with its terminator on macOS, 108 on Linux.
const PATH_LIMIT_BYTES = 103;
const REQUEST_LIMIT_BYTES = 64 * 1_024;
const OWNER_ONLY = 0o600;

type Routes = Readonly<Record<string, (request: IncomingMessage) => Promise<unknown>>>;

/** What is served, and until when. */
export interface ServedPowers {
  readonly powers: LabPowers;
  /** Called when the lab's addresses may have changed. */
  readonly onRestart: () => Promise<void>;
  /** Stops serving. */
  readonly signal: AbortSignal;
}

/**
 * Lets other commands of the same user pause and kill the lab's processes. Only the lab's owner can do
 * it: it knows which end was intended and what must be resumed. Not served when the path is longer
 * than a socket's path may be.
 */
export async function servePowers(socketPath: string, served: ServedPowers): Promise<void> {
  if (Buffer.byteLength(socketPath) > PATH_LIMIT_BYTES) return;
  const routes = routesOf(served);
  const server = createServer((request, response) => {
    void answer(routes, request).then(({ status, body }) => send(response, status, body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, OWNER_ONLY);
  // Pending requests are answered; the lab's owner, not this server, waits for the lab's end.
  server.unref();
  served.signal.addEventListener("abort", () => server.close(), { once: true });
}

function routesOf({ powers, onRestart }: ServedPowers): Routes {
  return {
    "GET /state": async (): Promise<ProcessesState> => {
      const cpu = (await powers.cpuReading?.readCpu()) ?? new Map<string, number>();
      return {
        cpu: [...cpu].map(([process, processors]) => ({ process, processors })),
        interruptions: [...powers.interruptions()],
      };
    },
    "POST /pause": async (request) => {
      const { process, durationMs } = pauseRequest.parse(await bodyOf(request));
      await possible(powers.pausing, "pause").pause(process, durationMs);
      return {};
    },
    "POST /resume": async (): Promise<z.infer<typeof resumeReply>> => ({
      resumed: [...((await powers.pausing?.resumeAll()) ?? [])],
    }),
    "POST /kill": async (request) => {
      const { process, restartDelayMs } = killRequest.parse(await bodyOf(request));
      const outcome = await possible(powers.killing, "kill").kill(process, restartDelayMs);
      await onRestart();
      return outcome;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  return JSON.parse(String(await readBody(request, REQUEST_LIMIT_BYTES)));
}

function possible<T>(power: T | null, verb: string): T {
  if (power !== null) return power;
  throw new UsageError({
    code: "no-such-power",
    message: `Expected a lab whose processes kanit can ${verb}, got one of a runtime that cannot.`,
    nextStep: "Use a lab of the runtimes local, compose or containers.",
  });
}

async function answer(
  routes: Routes,
  request: IncomingMessage,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const route = routes[`${request.method} ${request.url}`];
  if (route === undefined) return { status: 404, body: explain(new Error("no such path")) };
  try {
    return { status: 200, body: await route(request) };
  } catch (error) {
    return { status: 409, body: explain(error) };
  }
}

function explain(error: unknown): z.infer<typeof errorReply> {
  const known =
    error instanceof KanitError
      ? error
      : new KanitError({
          code: "power-failed",
          message: `Expected the lab to succeed, got: ${error instanceof Error ? error.message : String(error)}.`,
          nextStep: "See the lab's logs.",
          exitCode: EXIT_CODE.internal,
          cause: error,
        });
  const { code, message, nextStep, exitCode } = known;
  return { code, message, nextStep, exitCode: exitCode === EXIT_CODE.pass ? EXIT_CODE.internal : exitCode };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify(body));
}
