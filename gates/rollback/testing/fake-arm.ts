import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A version of a platform on loopback: it counts its requests, and shows them as Spark does. */
export interface FakeArm extends AsyncDisposable {
  readonly url: URL;
  metrics: URL;
  /** The status of its next answers. */
  status: number;
  /** Seconds since its feeds sent something. */
  stalenessSeconds: number;
}

/** Starts it. */
export async function startFakeArm(): Promise<FakeArm> {
  const requests = new Map<string, number>();
  const server = await listen((request, response) => {
    const route = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
    if (route === "/metrics") {
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(pageOf(requests, arm));
      return;
    }
    const key = `${route} ${arm.status}`;
    requests.set(key, (requests.get(key) ?? 0) + 1);
    response.writeHead(arm.status).end("{}");
  });
  const arm = { ...server, metrics: new URL("/metrics", server.url), status: 200, stalenessSeconds: 1 };
  return arm;
}

/** A balancer on loopback that sends all requests to one arm. */
export interface FakeFront extends AsyncDisposable {
  readonly url: URL;
  /** Where requests go from now on. */
  sendTo(arm: FakeArm): void;
}

/** Starts it. */
export async function startFakeFront(first: FakeArm): Promise<FakeFront> {
  let arm = first;
  const server = await listen((request, response) => {
    const forwarded = fetch(new URL(request.url ?? "/", arm.url));
    void forwarded.then(
      ({ status }) => response.writeHead(status).end("{}"),
      () => response.writeHead(502).end(),
    );
  });
  return {
    ...server,
    sendTo: (next) => {
      arm = next;
    },
  };
}

async function listen(answer: RequestListener): Promise<{ readonly url: URL } & AsyncDisposable> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function pageOf(requests: ReadonlyMap<string, number>, { stalenessSeconds }: FakeArm): string {
  const counted = [...requests].map(([key, count]) => {
    const [route = "", status = ""] = key.split(" ");
    return { route, status, count };
  });
  const all = counted.reduce((sum, { count }) => sum + count, 0);
  const lines = [
    ...counted.map(
      ({ route, status, count }) =>
        `http_requests_total{method="GET",route="${route}",status="${status}"} ${count}`,
    ),
    `http_request_duration_seconds_bucket{route="/api/healthz",le="0.1"} ${all}`,
    `http_request_duration_seconds_bucket{route="/api/healthz",le="+Inf"} ${all}`,
    `feed_staleness_seconds{feed="binance"} ${stalenessSeconds}`,
    ...["risk_blocks_total", "idempotency_conflicts_total", "idempotency_requests_total"].map(
      (name) => `${name} 0`,
    ),
    `csp_violations_total 0`,
    `event_loop_lag_seconds_bucket{le="0.01"} ${all}`,
    `event_loop_lag_seconds_bucket{le="+Inf"} ${all}`,
    `nodejs_gc_duration_seconds_sum 0`,
    `nodejs_gc_duration_seconds_count 0`,
  ];
  return `${lines.join("\n")}\n`;
}
