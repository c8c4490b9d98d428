import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPlatformDefinition } from "./platform-definition.ts";

const EXAMPLE = new URL("../examples/python-platform/platform.yml", import.meta.url).pathname;
const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
const SPARK = new URL("../platform/platform.yml", import.meta.url).pathname;

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-metrics-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** The metrics of Spark's definition, said otherwise, with this file of rules beside it. */
async function metricsOf(metrics: string, ...rules: readonly string[]) {
  const text = `groups: [{ name: mapping, rules: [${rules.map((rule) => `{ ${rule} }`).join(", ")}] }]`;
  await writeFile(join(directory, "metrics.rules.yml"), text);
  const path = join(directory, "platform.yml");
  await writeFile(path, (await readFile(SPARK, "utf8")).replace(/^metrics: .*$/m, `metrics: ${metrics}`));
  return (await readPlatformDefinition(path)).metrics;
}

const WITH_RULES = "{ path: /prom, rules: metrics.rules.yml }";

describe("the metrics of a definition", () => {
  it("are a path, where the platform uses the field's names", async () => {
    expect(await metricsOf("/metrics")).toEqual({ path: "/metrics", mapping: [], lacks: [] });
  });

  it("are mapped by recording rules in a file beside the definition", async () => {
    const { path, mapping } = await metricsOf(WITH_RULES, "record: orders_total, expr: trades");
    expect(path).toBe("/prom");
    expect(mapping[0]?.rules).toMatchObject([{ name: "orders_total", text: "trades" }]);
  });

  it("may be missing, by the field's names", async () => {
    const { lacks } = await metricsOf("{ path: /m, lacks: [ws_clients, process_resident_memory_bytes] }");
    expect(lacks).toEqual(["ws_clients", "process_resident_memory_bytes"]);
    await expect(metricsOf("{ path: /m, lacks: [ws_clinets] }")).rejects.toThrow(/ws_clinets/);
  });

  it("are mapped so by the example of a platform", async () => {
    const { metrics } = await readPlatformDefinition(EXAMPLE);
    const names = metrics.mapping.flatMap(({ rules }) => rules.map(({ name }) => name));
    expect(names).toEqual(expect.arrayContaining(["http_requests_total", "feed_staleness_seconds"]));
  });

  it.skipIf(!hasPromtool)("are tested by promtool too (skipped where it is not on the PATH)", () => {
    const tests = join(dirname(EXAMPLE), "metrics.rules.test.yml");
    expect(execFileSync("promtool", ["test", "rules", tests], { encoding: "utf8" })).toContain("SUCCESS");
  });

  it.each([
    ["alert: Slow, expr: up", /it is an alert/],
    ["record: orders_totl, expr: trades", /no trigger or scenario reads/],
    ["record: orders_total, expr: 'rate(trades[1m])'", /looks back in time/],
    ["record: orders_total, expr: 'max_over_time(trades[1m:1s])'", /looks back in time/],
    ["record: orders_total, expr: 'sum(orders_total)'", /reads the metric that it records/],
    ["record: orders_total, expr: 'sum('", /orders_total/],
  ])("are refused with the rule %s", async (rule, problem) => {
    await expect(metricsOf(WITH_RULES, rule)).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(problem),
    });
  });

  it("are refused with a file that is not there", async () => {
    await expect(metricsOf("{ path: /m, rules: none.yml }")).rejects.toThrow(/none\.yml/);
  });
});
