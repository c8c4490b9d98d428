import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SecretRegistry } from "../../core/index.ts";
import { INSTALLATION } from "../../installation/index.ts";
import type { LabOptions } from "../lab-options.ts";
import { drawLabSecrets } from "../lab-secrets.ts";
import { drawCredentials } from "../local/credentials.ts";
import { LabProcesses } from "../local/lab-processes.ts";
import { dockerSettings } from "../testing/docker.ts";
import { sparkLab } from "../testing/lab-options.ts";
import { composeVariables, labOverride } from "./compose-runtime.ts";
import type { ContainerContext } from "./container-context.ts";
import { DockerEngine } from "./docker-engine.ts";

async function contextOf(changes: Partial<LabOptions>): Promise<ContainerContext> {
  return {
    options: { ...(await sparkLab("/tmp")), ...changes },
    settings: dockerSettings(),
    engine: new DockerEngine({}),
    images: { tag: "0123456789ab", platform: "mine:1" },
    id: "abc123",
    owner: "machine/1/tick_1",
    directory: "/tmp",
    logDirectory: "/tmp",
    processes: new LabProcesses("/nowhere", new SecretRegistry()),
    secrets: drawLabSecrets(new SecretRegistry()),
    credentials: drawCredentials(new SecretRegistry()),
    signal: new AbortController().signal,
  };
}

describe("a lab's own part of Compose's file", () => {
  it("publishes on any free port, except for the links whose port was given", async () => {
    const variables = composeVariables(await contextOf({ linkPorts: { "binance-ws": 9443 } }));
    const text = await readFile(join(INSTALLATION.directory, "docker-compose.yml"), "utf8");
    const published = [...text.matchAll(/127\.0\.0\.1:\$\{(\w+):-/g)].map(([, name]) => name ?? "");
    const observed = /PROMETHEUS|GRAFANA/;
    for (const name of published.filter((each) => !observed.test(each))) {
      expect(variables[name], name).toBe(name === "KANIT_LINK_BINANCE_WS_PORT" ? "9443" : "0");
    }
  });

  it("sets every variable of the file", async () => {
    const variables = composeVariables(await contextOf({}));
    const text = await readFile(join(INSTALLATION.directory, "docker-compose.yml"), "utf8");
    const used = [...text.matchAll(/\$\{(\w+):[-?]/g)].map(([, name]) => name ?? "");
    const missing = used.filter((name) => !/PROMETHEUS|GRAFANA/.test(name) && variables[name] === undefined);
    expect(missing).toEqual([]);
  });

  it("plays recordings from their folders, mounted read-only", async () => {
    const market = {
      kind: "recording",
      paths: ["/data/btc/day 1.gz", "/data/eth.gz"],
      snapshots: ["/data/btc/day 0.gz"],
      symbols: ["BTCUSDT", "ETHUSDT"],
    } as const;
    const { exchanges } = labOverride(await contextOf({ market, tapeSpeed: 2, seed: 5 })).services;
    expect(exchanges).toMatchObject({
      volumes: ["/data/btc:/tape:ro", "/data:/tape2:ro"],
      command: [
        ...["--seed", "5", "--tape-speed", "2", "--tape", "/tape/day 1.gz", "--tape", "/tape2/eth.gz"],
        ...["--snapshot", "/tape/day 0.gz"],
      ],
    });
  });

  it("passes variables of the platform unchanged, including dollars", async () => {
    const { spark } = labOverride(await contextOf({ platformEnvironment: { PRICE: "$5 $${x}" } })).services;
    expect(spark.environment).toMatchObject({ PRICE: "$$5 $$$${x}", SPARK_CONTROL: "on" });
  });
});
