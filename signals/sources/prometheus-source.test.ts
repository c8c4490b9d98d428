import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { parseRules } from "../alerting/load-rules.ts";
import { alertsOf } from "../alerting/rule.ts";
import { renderRules } from "../exports/rules.ts";
import { sameExpression } from "../promql/same-expression.ts";
import { hasPrometheus, startPrometheus } from "../testing/prometheus-program.ts";
import { type StartedWebServer, startWebServer } from "../testing/web-server.ts";
import { prometheusSource } from "./prometheus-source.ts";

interface Asked {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

const vector = (...values: string[]) => ({
  status: "success",
  data: {
    resultType: "vector",
    result: values.map((value) => ({ metric: { job: "spark" }, value: [1_000, value] })),
  },
});

/** A server that answers as the test configures, and records the requests. */
async function answering(answer: (asked: Asked) => { status?: number; body: unknown }) {
  const asked: Asked[] = [];
  const read = async (request: IncomingMessage): Promise<Asked> => ({
    path: request.url ?? "",
    form: Object.fromEntries(new URLSearchParams(await text(request))),
    authorization: request.headers.authorization,
  });
  const server: StartedWebServer = await startWebServer((request, response) => {
    void read(request).then((question) => {
      asked.push(question);
      const { status = 200, body } = answer(question);
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  return Object.assign(server, { asked });
}

describe("the Prometheus source", () => {
  it("sends the time in seconds and returns the elements with their labels, for any number", async () => {
    await using server = await answering(() => ({ body: vector("0.25", "NaN", "+Inf", "-Inf") }));
    expect(await prometheusSource({ url: server.url }).query("up", 1_712_000_000_250)).toEqual({
      kind: "elements",
      elements: [0.25, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => ({
        labels: { job: "spark" },
        value,
      })),
    });
    expect(server.asked).toEqual([
      { path: "/api/v1/query", form: { query: "up", time: "1712000000.250" }, authorization: undefined },
    ]);
  });

  it("reads a scalar as one element without labels", async () => {
    const body = { status: "success", data: { resultType: "scalar", result: [1_000, "2"] } };
    await using server = await answering(() => ({ body }));
    expect(await prometheusSource({ url: server.url }).query("1 + 1", 0)).toEqual({
      kind: "elements",
      elements: [{ labels: {}, value: 2 }],
    });
  });

  it("distinguishes an empty result from no data, by querying the selectors alone", async () => {
    const expression = 'rate(errors_total{job="spark"}[1m]) > bool 0 and on () (up == 2)';
    const measured = 'count(present_over_time(errors_total{job="spark"}[1m])) or count(up)';
    await using server = await answering(({ form }) => ({
      body: form.query === measured ? vector("3") : vector(),
    }));
    const source = prometheusSource({ url: server.url });
    expect(await source.query(expression, 0)).toEqual({ kind: "elements", elements: [] });
    expect(await source.query("errors_total", 0)).toEqual({ kind: "no-data" });
  });

  it("returns the points of a range in milliseconds", async () => {
    const result = [
      {
        metric: { le: "1" },
        values: [
          [1.5, "1"],
          [2.5, "2"],
        ],
      },
    ];
    await using server = await answering(() => ({
      body: { status: "success", data: { resultType: "matrix", result } },
    }));
    const range = { startMs: 1_500, endMs: 2_500, stepMs: 1_000 };
    expect(await prometheusSource({ url: server.url }).queryRange("up", range)).toEqual([
      {
        labels: { le: "1" },
        points: [
          { timeMs: 1_500, value: 1 },
          { timeMs: 2_500, value: 2 },
        ],
      },
    ]);
    expect(server.asked[0]).toMatchObject({ form: { start: "1.500", end: "2.500", step: "1.000" } });
  });

  it("keeps a path and a login of the address, and never prints the login", async () => {
    await using server = await answering(() => ({ status: 401, body: "who are you?" }));
    const url = `http://captain:s3cret%21@${server.host}/prometheus/`;
    const source = prometheusSource({ url });
    expect(source.address).toBe(`${server.url}/prometheus`);
    const error = await source.alerts().catch((reason: unknown) => reason);
    expect(String(error)).not.toContain("s3cret");
    expect(server.asked).toEqual([
      {
        path: "/prometheus/api/v1/alerts",
        form: {},
        authorization: `Basic ${Buffer.from("captain:s3cret!").toString("base64")}`,
      },
    ]);
  });

  it("passes warnings on", async () => {
    await using server = await answering(() => ({
      body: { ...vector("1"), warnings: ["half of it is missing"] },
    }));
    const onWarning = vi.fn();
    await prometheusSource({ url: server.url, onWarning }).query("up", 0);
    expect(onWarning).toHaveBeenCalledExactlyOnceWith("half of it is missing");
  });

  it.each([
    [
      "what Prometheus refuses",
      400,
      { status: "error", errorType: "bad_data", error: "1:4: parse\nerror" },
      "prometheus-refused",
    ],
    [
      "what took it too long",
      503,
      { status: "error", errorType: "timeout", error: "query timed out" },
      "prometheus-unreachable",
    ],
    ["a page that is not its API", 200, "<html>\n<title>Grafana</title>", "prometheus-answer"],
    ["a redirect", 302, "", "prometheus-answer"],
    [
      "a native histogram",
      200,
      { status: "success", data: { resultType: "vector", result: [{ metric: {}, histogram: [1, {}] }] } },
      "prometheus-answer",
    ],
    ["a number that is none", 200, vector("soon"), "prometheus-answer"],
  ])("reports %s in one line", async (_what, status, body, code) => {
    await using server = await answering(() => ({ status, body }));
    const error = await prometheusSource({ url: server.url })
      .query("up", 0)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringMatching(/^Expected [^\n]+\.$/) });
  });

  it("ends at its deadline, and at once when its caller aborts", async () => {
    await using server = await startWebServer(() => undefined);
    await expect(prometheusSource({ url: server.url, deadlineMs: 50 }).query("up", 0)).rejects.toMatchObject({
      code: "prometheus-unreachable",
      message: `Expected Prometheus to answer at ${server.url}, got none within 50 ms.`,
    });
    const stop = new AbortController();
    const asked = prometheusSource({ url: server.url }).query("up", 0, stop.signal);
    stop.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
  });

  it("reports when nothing listens there, and refuses an invalid address", async () => {
    const server = await startWebServer(() => undefined);
    await server[Symbol.asyncDispose]();
    await expect(prometheusSource({ url: server.url }).alerts()).rejects.toMatchObject({
      code: "prometheus-unreachable",
    });
    expect(() => prometheusSource({ url: "prometheus:9090" })).toThrow(
      expect.objectContaining({ code: "bad-url" }),
    );
  });
});

const RULES = `
groups:
  - name: g
    rules:
      - alert: AlwaysOn
        expr: requests_total > 0
        labels: { severity: rollback }
        annotations: { summary: "{{ $value }} requests" }
`;

describe.skipIf(!hasPrometheus())("a real Prometheus (skipped where none is on the PATH)", () => {
  it("answers every kind of query about what it scraped", { timeout: 60_000 }, async () => {
    let total = 0;
    await using page = await startWebServer((_request, response) => {
      total += 5;
      response.end(`# TYPE requests_total counter\nrequests_total{route="/"} ${total}\n`);
    });
    await using prometheus = await startPrometheus({ target: page.host, rules: RULES });
    const source = prometheusSource({ url: prometheus.url });
    const wanted = {
      labels: { __name__: "ALERTS", alertname: "AlwaysOn", alertstate: "firing", severity: "rollback" },
    };
    await vi.waitFor(
      async () => {
        const answer = await source.query('ALERTS{alertstate="firing"}', Date.now());
        expect(answer).toMatchObject({ kind: "elements", elements: [wanted] });
        const rate = await source.query('sum(rate(requests_total{job="spark"}[1m]))', Date.now());
        expect(rate).toMatchObject({ kind: "elements", elements: [{ labels: {} }] });
      },
      { timeout: 45_000, interval: 250 },
    );
    const nowMs = Date.now();
    expect(await source.query("requests_total > 1e9", nowMs)).toEqual({ kind: "elements", elements: [] });
    expect(await source.query("nothing_total > 1e9", nowMs)).toEqual({ kind: "no-data" });
    const [series] = await source.queryRange("requests_total", {
      startMs: nowMs - 5_000,
      endMs: nowMs,
      stepMs: 1_000,
    });
    expect(series?.labels).toMatchObject({ route: "/", instance: page.host });
    expect(series?.points.at(-1)?.timeMs).toBe(nowMs);
    expect(await source.alerts()).toMatchObject([
      { labels: { alertname: "AlwaysOn", severity: "rollback" }, state: "firing" },
    ]);
    await expect(source.query("sum(", nowMs)).rejects.toMatchObject({ code: "prometheus-refused" });
    expect(Math.abs((await source.nowMs()) - Date.now())).toBeLessThan(10_000);
  });

  it("prints kanit's own rules so that they are known again", { timeout: 60_000 }, async () => {
    const text = await renderRules();
    await using prometheus = await startPrometheus({ target: "127.0.0.1:1", rules: text });
    const source = prometheusSource({ url: prometheus.url });
    const rules = await vi.waitFor(
      async () => {
        const loaded = await source.rules();
        expect(loaded).not.toEqual([]);
        return loaded;
      },
      { timeout: 45_000, interval: 250 },
    );
    const alerts = alertsOf(parseRules(text, "kanit-rules.yml"));
    expect(rules).toHaveLength(alerts.length);
    for (const { name, text: expression, forMs } of alerts) {
      const rule = rules.find((each) => each.name === name);
      expect(sameExpression(rule?.expression ?? "", expression), `${name}: ${rule?.expression}`).toBe(true);
      expect(rule).toMatchObject({ forMs, lastError: "" });
    }
  });
});
