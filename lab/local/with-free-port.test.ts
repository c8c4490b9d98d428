import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretRegistry } from "../../core/index.ts";
import { drawLabSecrets } from "../lab-secrets.ts";
import { writeTinyPlatform } from "../testing/lab-options.ts";
import { makeTestDirectory, processesIn, removeTestDirectory } from "../testing/test-directory.ts";
import { LabProcesses } from "./lab-processes.ts";
import { LOCAL_SETTINGS } from "./local-settings.ts";
import { nodeEnvironment } from "./node-program.ts";
import { startPgbouncer } from "./pgbouncer.ts";
import { startPlatform } from "./platform.ts";
import { unprivilegedUser } from "./unprivileged-user.ts";
import { withFreePort } from "./with-free-port.ts";

let directory = "";
let holder: Server;
let takenPort = 0;
beforeAll(async () => {
  directory = await makeTestDirectory();
  holder = createServer();
  takenPort = await listenAnywhere(holder);
});
afterAll(async () => {
  holder.close();
  expect(await processesIn(directory)).toEqual([]);
  await removeTestDirectory(directory);
}, 30_000);

async function listenAnywhere(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenAnywhere(server);
  server.close();
  await once(server, "close");
  return port;
}

/** Finds ports as if another process had taken the first one just after the check. */
async function unluckyOnce(): Promise<() => Promise<number>> {
  const ports = [takenPort, await freePort()];
  return async () => ports.shift() ?? takenPort;
}

describe("a program whose port is taken between the check and its start", () => {
  it("is pgBouncer: it gets another one, and the first attempt is not reported", async () => {
    const processes = new LabProcesses(directory, new SecretRegistry());
    const user = await unprivilegedUser();
    const { programPath } = LOCAL_SETTINGS;
    try {
      const pooler = await withFreePort({ processes, findPort: await unluckyOnce() }, (port) =>
        startPgbouncer({
          processes,
          user,
          directory: join(directory, "pgbouncer"),
          logDirectory: directory,
          port,
          upstream: "127.0.0.1:1",
          programPath,
          secrets: drawLabSecrets(new SecretRegistry()),
        }),
      );
      expect(pooler.port).not.toBe(takenPort);
      expect(processes.deaths()).toEqual([]);
      expect(processes.logs().map((log) => log.process)).toEqual(["pgbouncer"]);
    } finally {
      await processes.stopAll();
    }
  });

  it("is the platform: it gets another one, and the first attempt is not reported", async () => {
    const processes = new LabProcesses(directory, new SecretRegistry());
    const definition = await writeTinyPlatform(join(directory, "platform"), {
      // Does not check the port before it listens, and so ends because the port is taken.
      health: "/health",
    });
    try {
      const platform = await startPlatform({
        processes,
        definition,
        environment: nodeEnvironment(directory),
        userEnvironment: {},
        logDirectory: directory,
        findPort: await unluckyOnce(),
        startLimitMs: 10_000,
        onDeath: null,
      });
      expect(new URL(platform.url).port).not.toBe(String(takenPort));
      expect(processes.deaths()).toEqual([]);
    } finally {
      await processes.stopAll();
    }
  });

  it("gives up when every port is taken", async () => {
    const processes = new LabProcesses(directory, new SecretRegistry());
    const definition = await writeTinyPlatform(join(directory, "platform"));
    let looks = 0;
    const findPort = async () => {
      looks++;
      return takenPort;
    };
    const start = startPlatform({
      processes,
      definition,
      environment: nodeEnvironment(directory),
      userEnvironment: {},
      logDirectory: directory,
      findPort,
      startLimitMs: 10_000,
      onDeath: null,
    });
    await expect(start).rejects.toThrow(/EADDRINUSE/);
    expect(looks).toBe(5);
    await processes.stopAll();
  });
});
