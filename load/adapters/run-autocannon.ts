import { type HttpRequest, MappedApi, type Question } from "../../api/index.ts";
import { importOptional } from "../../installation/index.ts";
import { createHttpClient } from "../http/http-client.ts";
import type { LoadPlan } from "../load-plan.ts";
import { createWorkload } from "../workloads/create-workload.ts";
import type { PreparedOperation } from "../workloads/workload.ts";
import { requireMapped } from "./require-mapped.ts";

const AUTOCANNON = { packages: ["autocannon"], neededFor: "kanit load saturate" };

/** A server's throughput, measured by autocannon. */
export interface Throughput {
  /** Answers per second, errors included. */
  readonly rateRps: number;
  readonly connections: number;
  readonly answered: number;
  /** Requests without an answer, or with a status of 500 and above. */
  readonly failed: number;
}

/** How autocannon loads the server. */
export interface ThroughputOptions {
  /** Each sends its next request as soon as the last one was answered. */
  readonly connections: number;
  /** At least one second. */
  readonly durationMs: number;
}

/** An operation with the request that it takes. */
interface ReadyOperation {
  readonly operation: PreparedOperation;
  readonly request: HttpRequest;
}

/** What a connection of autocannon is sending. */
interface ConnectionContext {
  ready?: ReadyOperation;
}

/** A connection wants its next request at once: so many are made ready ahead for each. */
const READY_PER_CONNECTION = 4;

/**
 * Finds how many operations of a workload a server completes per second, with autocannon: a closed loop, in
 * which each connection waits for its answer. This measures throughput, and says nothing about latency.
 */
export async function measureThroughput(plan: LoadPlan, options: ThroughputOptions): Promise<Throughput> {
  const { default: autocannon } = await importOptional(AUTOCANNON, () => import("autocannon"));
  const client = createHttpClient(plan.baseUrl, plan.timeoutMs, plan.allowedHosts);
  const workload = await createWorkload(
    plan,
    plan.keyPrefix ?? `autocannon-${Date.now().toString(36)}`,
    client,
  );
  const api = plan.api === null ? null : new MappedApi(requireMapped(plan.api), client);
  const ready: ReadyOperation[] = [];
  const makeReady = async (): Promise<void> => {
    for (const operation of workload.next()) {
      const { asks } = operation;
      ready.push({ operation, request: "kind" in asks ? await mapped(api, asks) : asks });
    }
  };
  let failedAnswers = 0;
  try {
    await workload.prepare();
    for (let count = 0; count < options.connections * READY_PER_CONNECTION; count++) await makeReady();
    const result = await autocannon({
      url: plan.baseUrl,
      connections: options.connections,
      duration: Math.max(1, options.durationMs / 1_000),
      timeout: Math.ceil(plan.timeoutMs / 1_000),
      requests: [
        {
          setupRequest: (request, context: ConnectionContext) => {
            const next = ready.shift();
            if (next === undefined) throw new RangeError("Expected an operation that is ready, got none.");
            void makeReady();
            context.ready = next;
            const { method, path, headers, body } = next.request;
            return {
              ...request,
              method: method as "GET",
              path,
              headers: { ...headers },
              body: body || undefined,
            };
          },
          onResponse: (status, body, context: ConnectionContext) => {
            if (status >= 500) failedAnswers += 1;
            if (context.ready === undefined || api === null) return;
            const { operation, request } = context.ready;
            if (!("kind" in operation.asks)) return;
            const result = { kind: "answered", status, retryAfter: null, body } as const;
            void api
              .answerTo(operation.asks, request, result)
              .then((answer) => workload.read(operation, answer, plan.maxInFlight));
          },
        },
      ],
    });
    const answered = result["2xx"] + result.non2xx;
    return {
      rateRps: answered / result.duration,
      connections: options.connections,
      answered,
      failed: failedAnswers + result.errors,
    };
  } finally {
    await workload.close();
    client.close();
  }
}

function mapped(api: MappedApi | null, question: Question): Promise<HttpRequest> {
  if (api === null) throw new TypeError("Expected an API for a workload of questions, got none.");
  return api.requestFor(question);
}
