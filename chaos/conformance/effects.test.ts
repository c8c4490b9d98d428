import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { callControl } from "./control-call.ts";
import { EFFECTS } from "./effects.ts";
import type { StartedEngine } from "./engines/engine.ts";
import { kanit } from "./engines/kanit-engine.ts";
import { within } from "./wire.ts";

/** A case that is still running after this time has not passed. */
const CASE_LIMIT_MS = 4_000;

/** An engine with correct answers whose toxics have no effect: each is created with a toxicity of 0. */
async function startIneffective(): Promise<StartedEngine> {
  const engine = await kanit.start();
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "" } = request;
    const body = await text(request);
    const isToxic = method === "POST" && path.endsWith("/toxics");
    const passed = isToxic ? JSON.stringify({ ...JSON.parse(body), toxicity: 0 }) : body;
    const answer = await callControl(engine.url, { method, path, body: passed });
    response.writeHead(answer.status).end(answer.text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const dispose = async () => {
    server.closeAllConnections();
    server.close();
    await engine[Symbol.asyncDispose]();
  };
  return { ...engine, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: dispose };
}

describe("the suite of effects", () => {
  it("fails for each toxic when the engine's toxics have no effect", async () => {
    await using engine = await startIneffective();
    // One stream is enough. Left out are cases that also pass without toxics, and effects that
    // a slow machine can cause.
    const passes = /does not affect|releases the data that it held|costs time|added|slow_close/;
    const cases = EFFECTS.filter(({ title }) => title.includes("downstream") && !passes.test(title));
    const passed: string[] = [];
    await Promise.all(
      cases.map(async ({ title, run }) => {
        const outcome = await within(
          CASE_LIMIT_MS,
          run(engine).then(
            () => "passed",
            () => "failed",
          ),
        );
        if (outcome === "passed") passed.push(title);
      }),
    );
    expect(cases.length).toBeGreaterThan(10);
    expect(passed).toEqual([]);
  });
});
