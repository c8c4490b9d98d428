import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askOnce, openApi, type PlatformApi, requestClient } from "../api/index.ts";
import { SecretRegistry } from "../core/index.ts";
import { type PlatformDefinition, readPlatformDefinition, SPARK_DEFINITION } from "../definition/index.ts";
import { driverProgram } from "./driver-program.ts";
import { makeTestDirectory, processesIn, removeTestDirectory } from "./testing/test-directory.ts";

const PATIENCE_MS = 60_000;
const API_URL = "http://127.0.0.1:1";
const QUOTE = { kind: "quote", venue: "btcturk", symbol: "BTCUSDT" } as const;
const READY = `echo '{"protocol":1,"can":["place","query","quote"]}'`;

let directory = "";
let spark: PlatformDefinition;
beforeAll(async () => {
  directory = await makeTestDirectory();
  spark = await readPlatformDefinition(SPARK_DEFINITION);
});
afterAll(async () => {
  await removeTestDirectory(directory);
});

/** Opens an API by a driver that is a shell script, in a lab whose folder is the test's. */
async function openBy(script: string): Promise<PlatformApi> {
  const { quoteStream, accounts, riskLimits, amounts, statuses, errors } = spark.api;
  const driver = { command: ["/bin/sh", "-c", script] as [string, ...string[]], startsWithinMs: 60_000 };
  const api = { quoteStream, accounts, riskLimits, amounts, statuses, errors, driver };
  const program = await driverProgram(
    { ...spark, directory: "/", environment: { GREETING: "good day" }, api },
    {
      apiUrl: API_URL,
      labDirectory: join(directory, "lab"),
      logDirectory: directory,
      userEnvironment: {},
      secrets: new SecretRegistry(),
    },
  );
  return openApi(api, { client: requestClient(API_URL, 1), driver: program, timeoutMs: 60_000 });
}

describe("the driver of a lab", () => {
  it("reads its questions from standard input, and gets the link's address and the definition's variables", async () => {
    const answer = `printf '{"id":1,"outcome":"ok","answer":{"bid":"%s","ask":"%s"}}\\n' "$KANIT_API_URL" "$GREETING"`;
    await using api = await openBy(`${READY}; read -r question; ${answer}; sleep 600`);
    expect((await askOnce(api, QUOTE)).said).toEqual({ bid: API_URL, ask: "good day" });
  });

  it.each([
    ["ignores TERM", `trap '' TERM; ${READY}; while :; do sleep 1; done`],
    ["has started others, in sessions of their own", `setsid sleep 600 & ${READY}; sleep 600`],
    ["writes without an end", `${READY}; cat /dev/zero`],
  ])(
    "leaves nothing running when it %s",
    async (_, script) => {
      const api = await openBy(script);
      const asked = askOnce(api, QUOTE);
      await api.close();
      expect((await asked).outcome).toBe("unknown");
      await expect.poll(() => processesIn(directory), { timeout: 40_000 }).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe("a platform whose API is mapped", () => {
  it("has no driver", async () => {
    const place = { apiUrl: API_URL, labDirectory: null, logDirectory: null, userEnvironment: {} };
    expect(await driverProgram(spark, { ...place, secrets: new SecretRegistry() })).toBeNull();
  });
});
