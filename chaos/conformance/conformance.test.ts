import { afterAll, beforeAll, describe, it } from "vitest";
import { DIALOGUES } from "./api/dialogues.ts";
import { ask, assertReply, patternFor } from "./api/exchange.ts";
import { driveByGoCli } from "./clients/go-cli.ts";
import { driveByNodeClient } from "./clients/node-client.ts";
import { EFFECTS } from "./effects.ts";
import type { Engine, StartedEngine } from "./engines/engine.ts";
import { kanit } from "./engines/kanit-engine.ts";
import { findToxiproxy, TOXIPROXY_CLI } from "./engines/toxiproxy-engine.ts";
import { installGoProgram } from "./go-program.ts";

/** Each case takes a few seconds at most; on a busy machine it may take ten times as long. */
const TEST_TIMEOUT_MS = 60_000;
const toxiproxy = await findToxiproxy();
const cli = await installGoProgram(TOXIPROXY_CLI);
const ENGINES: readonly Engine[] = toxiproxy.kind === "installed" ? [kanit, toxiproxy.engine] : [kanit];

describe.each(ENGINES)("$label has Toxiproxy's effects", (engine) => {
  let started: StartedEngine;
  beforeAll(async () => {
    started = await engine.start();
  });
  afterAll(async () => started[Symbol.asyncDispose]());

  it.each(EFFECTS)("$title", async ({ run }) => run(started), TEST_TIMEOUT_MS);
});

describe.each(ENGINES)("$label has Toxiproxy's API", { timeout: TEST_TIMEOUT_MS }, (engine) => {
  it.each(DIALOGUES)("$title", async ({ exchanges }) => {
    await using started = await engine.start();
    for (const exchange of exchanges) {
      assertReply(await ask(started, exchange), patternFor(started.name, exchange));
    }
  });
});

describe.each(ENGINES)("$label works with unmodified clients", { timeout: TEST_TIMEOUT_MS }, (engine) => {
  it("by toxiproxy-node-client, each of its calls", async () => {
    await using started = await engine.start();
    await driveByNodeClient(started);
  });

  it("by Shopify's toxiproxy-cli, each of its commands", async ({ skip }) => {
    if (cli.kind === "missing") return skip(cli.why);
    await using started = await engine.start();
    await driveByGoCli(started, cli.path);
  });
});

if (toxiproxy.kind === "missing") {
  it("Toxiproxy itself passes the same suite", ({ skip }) => skip(toxiproxy.why));
}
