import { importOptional } from "../../installation/index.ts";
import { createHttpClient } from "../http/http-client.ts";
import type { LoadPlan } from "../load-plan.ts";
import { createWorkload } from "../workloads/create-workload.ts";
import type { PreparedOperation } from "../workloads/workload.ts";

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

/** The request that a connection of autocannon is sending. */
interface ConnectionContext {
  operation?: PreparedOperation;
}

/**
 * Finds how many operations of a workload a server completes per second, with autocannon: a closed loop, in
 * which each connection waits for its answer. This measures throughput, and says nothing about latency.
 */
export async function measureThroughput(plan: LoadPlan, options: ThroughputOptions): Promise<Throughput> {
  const { default: autocannon } = await importOptional(AUTOCANNON, () => import("autocannon"));
  const client = createHttpClient(plan.baseUrl, plan.timeoutMs, plan.allowedHosts);
  const workload = createWorkload(plan, plan.keyPrefix ?? `autocannon-${Date.now().toString(36)}`, client);
  let failedAnswers = 0;
  try {
    await workload.prepare();
    const result = await autocannon({
      url: plan.baseUrl,
      connections: options.connections,
      duration: Math.max(1, options.durationMs / 1_000),
      timeout: Math.ceil(plan.timeoutMs / 1_000),
      requests: [
        {
          setupRequest: (request, context: ConnectionContext) => {
            const [operation] = workload.next();
            if (operation === undefined)
              throw new RangeError("Expected an operation of the workload, got none.");
            context.operation = operation;
            const { method, path, headers, body } = operation.http;
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
            if (context.operation === undefined) return;
            workload.read(
              context.operation,
              { kind: "answered", status, retryAfter: null, body },
              plan.maxInFlight,
            );
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
    workload.close();
    client.close();
  }
}
