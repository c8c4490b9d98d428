import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DefectName, Defects } from "../defects.ts";

/** What is added to an answer's own time. */
const SLOWER: Partial<Record<DefectName, number>> = { "slower-by-a-fifth": 0.2, "slower-by-half": 0.5 };
/** One of so many requests fails. */
const FAILING: Partial<Record<DefectName, number>> = { "one-error-in-200": 200, "one-error-in-50": 50 };
const FAILING_ROUTE = "/api/positions";
const ROUTE_FAILS_ONCE_IN = 4;
/** Caches are cold for so many requests. */
const COLD_REQUESTS = 200;
const COLD_MS = 300;
const CRASHES_AFTER_REQUESTS = 50;
/** Monitors would find a platform that fails for them before a user does. */
const MONITORED = new Set(["/metrics", "/api/healthz"]);

/** What planted defects do to the process, which a test replaces. */
export interface PlantedActs {
  readonly sleep: (durationMs: number) => Promise<unknown>;
  readonly crash: () => void;
}

const REAL: PlantedActs = {
  sleep: (durationMs) => delay(durationMs),
  // Outside of the request's own promise, so that nothing catches it.
  crash: () =>
    void setImmediate(() => {
      throw new Error("a planted defect ended this process");
    }),
};

/** Adds the planted defects of a release that is a little worse than the one before, as users see it. */
export function addPlantedAnswers(server: FastifyInstance, defects: Defects, acts: PlantedActs = REAL): void {
  const { sleep, crash } = acts;
  for (const part of chosenOf(SLOWER, defects)) delayAnswers(server, part, sleep);
  for (const every of chosenOf(FAILING, defects)) failOnceIn(server, every, () => true);
  if (defects.has("errors-on-one-route")) {
    failOnceIn(server, ROUTE_FAILS_ONCE_IN, ({ routeOptions }) => routeOptions.url === FAILING_ROUTE);
  }
  if (defects.has("cold-start")) {
    onUserRequest(server, async (number) => {
      if (number <= COLD_REQUESTS) await sleep(COLD_MS);
    });
  }
  if (defects.has("lost-policy")) {
    server.addHook("onSend", async (_request, reply, payload) => {
      reply.removeHeader("content-security-policy");
      return payload;
    });
  }
  if (defects.has("crash-loop")) {
    onUserRequest(server, async (number) => {
      if (number === CRASHES_AFTER_REQUESTS) crash();
    });
  }
}

function chosenOf(values: Partial<Record<DefectName, number>>, defects: Defects): readonly number[] {
  const entries = Object.entries(values) as [DefectName, number][];
  return entries.filter(([name]) => defects.has(name)).map(([, value]) => value);
}

function delayAnswers(server: FastifyInstance, part: number, sleep: PlantedActs["sleep"]): void {
  const startedMs = new WeakMap<FastifyRequest, number>();
  server.addHook("onRequest", async (request) => void startedMs.set(request, performance.now()));
  server.addHook("onSend", async (request, _reply, payload) => {
    const nowMs = performance.now();
    if (isUsers(request)) await sleep((nowMs - (startedMs.get(request) ?? nowMs)) * part);
    return payload;
  });
}

function failOnceIn(
  server: FastifyInstance,
  every: number,
  concerns: (request: FastifyRequest) => boolean,
): void {
  let seen = 0;
  server.addHook("onRequest", async (request) => {
    if (!isUsers(request) || !concerns(request)) return;
    seen += 1;
    if (seen % every === 0) throw new Error("a planted defect failed this request");
  });
}

function onUserRequest(server: FastifyInstance, act: (number: number) => Promise<void>): void {
  let seen = 0;
  server.addHook("onRequest", async (request) => {
    if (isUsers(request)) await act(++seen);
  });
}

function isUsers({ routeOptions }: FastifyRequest): boolean {
  return !MONITORED.has(routeOptions.url ?? "");
}
