import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { systemClock } from "../../core/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import { runCheck } from "../engine/run-check.ts";
import { EMPTY_TARGET } from "../testing/sample-check.ts";
import { cspFlood } from "./csp-flood.ts";

const reportShape = z.object({ "csp-report": z.object({ "effective-directive": z.string() }) });

/** How a platform takes a report, by how many it has taken: the status, the label that is counted, if any. */
interface Takes {
  readonly status: number;
  readonly label: string | null;
  readonly health: number;
}

/** Floods a platform that is like this, and judges it. */
async function flooded(take: (taken: number, directive: string) => Takes) {
  const counts = new Map([["other", 0]]);
  let taken = 0;
  const server = createServer(async (request, response) => {
    if (request.method === "GET") {
      if (request.url === "/api/healthz") return response.writeHead(take(taken, "").health).end();
      const lines = [...counts].map(
        ([label, count]) => `csp_violations_total{directive="${label}"} ${count}`,
      );
      return response.writeHead(200, { "content-type": "text/plain" }).end(`${lines.join("\n")}\n`);
    }
    const body = reportShape.parse(JSON.parse((await request.toArray()).join("")));
    const { status, label } = take(taken, body["csp-report"]["effective-directive"]);
    taken += 1;
    if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
    return response.writeHead(status).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lab = { api: url, metrics: `${url}/metrics` } as unknown as LabAddresses;
  try {
    const { verdict, reasons } = await runCheck(
      cspFlood,
      { ...EMPTY_TARGET, parts: { ...EMPTY_TARGET.parts, lab } },
      { commit: null, wasSeenRed: true, clock: systemClock, signal: new AbortController().signal },
    );
    return { verdict, reasons };
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

const WELL: Takes = { status: 204, label: "other", health: 200 };

describe("the check of a flood of CSP reports", () => {
  it("passes for a platform that counts each under one label, and refuses those beyond a rate", async () => {
    const found = await flooded((taken) => (taken < 900 ? WELL : { ...WELL, status: 429, label: null }));
    expect(found).toEqual({ verdict: "pass", reasons: [] });
  });

  it("fails for reports that are refused or not counted, a series of each text, and people who get no answer", async () => {
    const { verdict, reasons } = await flooded((taken, directive) => ({
      status: taken === 0 ? 500 : 204,
      label: taken < 10 ? null : directive,
      health: taken > 500 ? 503 : 200,
    }));
    expect(verdict).toBe("fail");
    expect(reasons).toEqual([
      "1 reports are answered neither 2xx nor 429",
      "999 reports are accepted, and 990 are counted",
      "csp_violations_total has 991 series, before the flood 1",
      expect.stringMatching(/^\d+ of 20 health checks fail$/),
    ]);
  });
});
