import { Counter, Gauge, Histogram, Registry, type RegistryContentType } from "prom-client";
import { describe, expect, it } from "vitest";
import { METRIC_NAME } from "../labels.ts";
import { startWebServer } from "../testing/web-server.ts";
import { metricsSource } from "./metrics-source.ts";

/** A page of prom-client's own registry, in one of its two formats. */
async function registryPage(contentType: RegistryContentType) {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(contentType);
  const registers = [registry] as [Registry<RegistryContentType>];
  const enableExemplars = contentType === Registry.OPENMETRICS_CONTENT_TYPE;
  const requests = new Counter<"route" | "trace_id">({
    name: "requests_total",
    help: "r",
    labelNames: ["route"],
    registers,
    enableExemplars,
  });
  const waits = new Histogram<"trace_id">({
    name: "wait_seconds",
    help: "w",
    buckets: [0.1, 1],
    registers,
    enableExemplars,
  });
  new Gauge({ name: "clients", help: "c", registers }).set(-2.5);
  if (enableExemplars) {
    requests.inc({ labels: { route: 'a"b\\c\nd' }, value: 3, exemplarLabels: { trace_id: "abc" } });
    waits.observe({ value: 0.5, exemplarLabels: { trace_id: "def" } });
  } else {
    requests.inc({ route: 'a"b\\c\nd' }, 3);
    waits.observe(0.5);
  }
  const text = await registry.metrics();
  let accept: string | undefined;
  const server = await startWebServer((request, response) => {
    accept = request.headers.accept;
    response.setHeader("content-type", registry.contentType).end(text);
  });
  return Object.assign(server, { text, accept: () => accept });
}

async function collected(url: string) {
  const samples = await metricsSource({ name: "spark", url }).collect(new AbortController().signal);
  return samples.map(({ labels, value }) => {
    const { [METRIC_NAME]: name, ...rest } = labels.toRecord();
    return [name, rest, value];
  });
}

const SERIES = [
  ["requests_total", { route: 'a"b\\c\nd' }, 3],
  ["wait_seconds_bucket", { le: "0.1" }, 0],
  ["wait_seconds_bucket", { le: "1.0" }, 1],
  ["wait_seconds_bucket", { le: "+Inf" }, 1],
  ["wait_seconds_sum", {}, 0.5],
  ["wait_seconds_count", {}, 1],
  ["clients", {}, -2.5],
];

describe("the metrics source", () => {
  it("reads prom-client's OpenMetrics, including exemplars, like its classic format", async () => {
    await using openMetrics = await registryPage(Registry.OPENMETRICS_CONTENT_TYPE);
    await using classic = await registryPage(Registry.PROMETHEUS_CONTENT_TYPE);
    expect(openMetrics.text).toContain('# {trace_id="abc"}');
    expect(openMetrics.text).toMatch(/# EOF\n$/);
    expect(await collected(openMetrics.url)).toEqual(SERIES);
    expect(await collected(classic.url)).toEqual(SERIES);
  });

  it("requests OpenMetrics first and accepts the classic format as well, as Prometheus does", async () => {
    await using page = await registryPage(Registry.PROMETHEUS_CONTENT_TYPE);
    await collected(page.url);
    const preferences = (page.accept() ?? "").split(",").map((part) => part.split(";")[0]);
    expect([...new Set(preferences)]).toEqual(["application/openmetrics-text", "text/plain", "*/*"]);
  });

  it("refuses a truncated OpenMetrics page", async () => {
    await using page = await startWebServer((_request, response) =>
      response.setHeader("content-type", Registry.OPENMETRICS_CONTENT_TYPE).end("requests_total 3\n"),
    );
    await expect(collected(page.url)).rejects.toMatchObject({ code: "bad-exposition" });
  });
});
