import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { type Clock, systemClock } from "../core/index.ts";
import { Labels } from "./labels.ts";
import { instantQuery } from "./promql/query.ts";
import { SampleStore } from "./sample-store.ts";
import { Scraper } from "./scraper.ts";
import { metricsSource } from "./sources/metrics-source.ts";
import type { Source } from "./sources/source.ts";

/** On a fast machine two collections may have the same millisecond; here they never do. */
let lastMs = Date.now();
const clock: Clock = { ...systemClock, nowMs: () => ++lastMs };

/** A real metrics page whose answer the test controls. */
async function metricsPage(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const valuesOf = (store: SampleStore, expression: string) => {
  const { value } = instantQuery(store, expression, store.newestMs ?? 0);
  return value.kind === "vector" ? value.samples.map((sample) => sample.value) : [];
};

describe("the scraper", () => {
  it("stores a target's samples, with job and instance, and up 1", async () => {
    await using page = await metricsPage((_request, response) => response.end("a_total 7\n"));
    const store = new SampleStore(null);
    const source = metricsSource({ name: "platform", url: page.url });
    await using scraper = new Scraper({ sources: [source], sinks: [store], clock });
    await scraper.collectOnce();
    const instance = new URL(page.url).host;
    expect(valuesOf(store, `a_total{job="platform",instance="${instance}"}`)).toEqual([7]);
    expect(valuesOf(store, 'up{job="platform"}')).toEqual([1]);
    expect(valuesOf(store, "scrape_duration_seconds")).toHaveLength(1);
    expect(scraper.health()).toMatchObject([{ name: "platform", collections: 1, failures: 0, isUp: true }]);
  });

  it("ends every series of a target that fails, stores up 0, and keeps the reason", async () => {
    let status = 200;
    await using page = await metricsPage((_request, response) =>
      response.writeHead(status).end("a_total 7\n"),
    );
    const store = new SampleStore(null);
    const source = metricsSource({ name: "platform", url: page.url });
    await using scraper = new Scraper({ sources: [source], sinks: [store], clock });
    await scraper.collectOnce();
    status = 500;
    await scraper.collectOnce();
    expect(valuesOf(store, "a_total")).toEqual([]);
    expect(valuesOf(store, "up")).toEqual([0]);
    expect(scraper.health()[0]?.lastFailure?.error).toMatchObject({ code: "scrape-status" });
  });

  it("ends a series that the target no longer exposes, and keeps the others", async () => {
    let text = "a 1\nb 2\n";
    await using page = await metricsPage((_request, response) => response.end(text));
    const store = new SampleStore(null);
    const source = metricsSource({ name: "platform", url: page.url });
    await using scraper = new Scraper({ sources: [source], sinks: [store], clock });
    await scraper.collectOnce();
    text = "b 3\n";
    await scraper.collectOnce();
    expect(valuesOf(store, "b")).toEqual([3]);
    expect(valuesOf(store, "a")).toEqual([]);
  });

  it("fails a target that does not answer within the deadline, whether or not it obeys the signal", async () => {
    const deaf: Source = {
      name: "deaf",
      target: { job: "deaf", instance: "deaf" },
      collect: () => Promise.withResolvers<never>().promise,
    };
    await using page = await metricsPage(() => undefined);
    const silent = metricsSource({ name: "silent", url: page.url });
    const store = new SampleStore(null);
    const options = { sources: [deaf, silent], sinks: [store], clock, deadlineMs: 50 };
    await using scraper = new Scraper(options);
    await scraper.collectOnce();
    expect(valuesOf(store, "up")).toEqual([0, 0]);
  });

  it("skips a source that is still busy, and continues with the others", async () => {
    const gate = Promise.withResolvers<void>();
    const slow: Source = {
      name: "slow",
      target: { job: "slow", instance: "slow" },
      collect: () => gate.promise.then(() => []),
    };
    const quick: Source = {
      name: "quick",
      target: { job: "quick", instance: "quick" },
      collect: () => Promise.resolve([{ labels: Labels.of({ __name__: "a" }), value: 1 }]),
    };
    const options = { sources: [slow, quick], sinks: [new SampleStore(null)], clock, intervalMs: 5 };
    await using scraper = new Scraper({ ...options, deadlineMs: 60_000 }).start();
    await vi.waitFor(() => expect(scraper.health()[1]?.collections).toBeGreaterThan(3));
    expect(scraper.health()[0]).toMatchObject({ collections: 0 });
    expect(scraper.health()[0]?.skipped).toBeGreaterThan(2);
    gate.resolve();
  });

  it("tells what it could not store, once for each reason", async () => {
    const day = 86_400_000;
    const text = `ok 1\nahead 1 ${lastMs + day}\nahead 2 ${lastMs + day + 1}\nold 1 1000\ntwice 1 ${lastMs}\ntwice 2 ${lastMs}\n`;
    await using page = await metricsPage((_request, response) => response.end(text));
    const sinks = [new SampleStore(systemClock), new SampleStore(systemClock)] as const;
    const source = metricsSource({ name: "platform", url: page.url });
    await using scraper = new Scraper({ sources: [source], sinks, clock });
    await scraper.collectOnce();
    expect(valuesOf(sinks[0], "ok")).toEqual([1]);
    const [health] = scraper.health();
    expect(health?.refusedSamples).toBe(4);
    expect(health?.refusals).toEqual([
      expect.stringMatching(/^2 samples refused, of ahead last: timestamped .+ ahead of the clock$/),
      expect.stringMatching(/^1 sample refused, of old last: timestamped .+ before the clock$/),
      "1 sample refused, of twice last: the same series twice with the same timestamp",
    ]);
  });

  it("keeps an exposed job label under another name, as Prometheus does", async () => {
    await using page = await metricsPage((_request, response) => response.end('a{job="mine"} 1\n'));
    const store = new SampleStore(null);
    const source = metricsSource({ name: "platform", url: page.url });
    await using scraper = new Scraper({ sources: [source], sinks: [store], clock });
    await scraper.collectOnce();
    expect(valuesOf(store, 'a{exported_job="mine",job="platform"}')).toEqual([1]);
  });
});
