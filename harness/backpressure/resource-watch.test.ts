import { expect, it, vi } from "vitest";
import { steadyClock } from "../../core/index.ts";
import { serve } from "../testing/http-page.ts";
import { ResourceWatch } from "./resource-watch.ts";

const NOTHING_LISTENS = "postgresql://kanit@127.0.0.1:1/kanit";

it("reads the CPU time of a platform that answered no collection under load, when its backlog is done", async () => {
  let cpuSeconds = 1;
  let isSaturated = false;
  let collections = 0;
  let answeredAtMs = 0;
  await using page = await serve((_request, response) => {
    collections += 1;
    if (isSaturated) return response.writeHead(503).end();
    answeredAtMs = steadyClock.nowMs();
    return response.end(
      `# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total ${cpuSeconds}\n`,
    );
  });
  await using watch = new ResourceWatch(
    {
      metrics: `${page.url}/metrics`,
      poolerAdminUrl: NOTHING_LISTENS,
      databaseUrl: NOTHING_LISTENS,
    },
    { metrics: { path: "/metrics", mapping: [], lacks: [] } },
    steadyClock,
  );
  await vi.waitFor(() => expect(collections).toBeGreaterThan(0), { timeout: 10_000 });
  isSaturated = true;
  const fromMs = answeredAtMs;
  const seen = collections;
  await vi.waitFor(() => expect(collections).toBeGreaterThan(seen + 2), { timeout: 10_000 });
  const held = { fromMs, toMs: steadyClock.nowMs(), operations: 1 };
  expect(watch.read(held).cpuCores).toBeNull();
  isSaturated = false;
  cpuSeconds = 3;
  const { cpuCores } = await watch.readUntilNow(held);
  expect(cpuCores).toBeGreaterThan(0);
});
