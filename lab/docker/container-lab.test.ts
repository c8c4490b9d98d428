import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completeFault, injectFault } from "../../chaos/index.ts";
import { SecretRegistry } from "../../core/index.ts";
import { INSTALLATION } from "../../installation/index.ts";
import { faultContextOf } from "../fault-context.ts";
import type { Lab } from "../lab.ts";
import { drawLabSecrets } from "../lab-secrets.ts";
import { LINK_NAMES } from "../links.ts";
import { startLab } from "../start-lab.ts";
import {
  docker,
  dockerSettings,
  leftInEngine,
  skipWithoutContainers,
  whyNoContainers,
} from "../testing/docker.ts";
import { sparkLab } from "../testing/lab-options.ts";
import { sendOrder } from "../testing/send-order.ts";
import { failureOf, makeTestDirectory, removeTestDirectory } from "../testing/test-directory.ts";
import { findCompose } from "./compose-runtime.ts";
import { runDocker } from "./docker-command.ts";
import { LAB_LABEL } from "./docker-engine.ts";
import { secretVariables } from "./secret-variables.ts";

const PATIENCE_MS = 600_000;
const SERVICES = ["doorway", "exchanges", "pgbouncer", "postgres", "proxy", "spark"];
const COMMAND_LINE = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

const whyNot = await whyNoContainers();
let temporaryDirectory = "";
beforeAll(async () => {
  temporaryDirectory = await makeTestDirectory();
});
afterAll(async () => {
  await removeTestDirectory(temporaryDirectory);
});

async function ordersIn(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>("SELECT count(*) FROM orders");
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}

describe.each(["compose", "containers"] as const)("a lab by %s", { timeout: PATIENCE_MS }, (name) => {
  let lab: Lab | null = null;
  const running = () => lab ?? expect.fail("the lab did not start");
  const containers = (filter: string) =>
    docker("ps", "--quiet", "--filter", `label=${LAB_LABEL}=${running().id}`, "--filter", filter);
  beforeAll(async () => {
    if (whyNot !== null) return;
    lab = await startLab({ name, docker: dockerSettings() }, await sparkLab(temporaryDirectory));
  }, PATIENCE_MS);
  afterAll(async () => {
    await lab?.stop();
    if (lab !== null) expect(await leftInEngine(`${LAB_LABEL}=${lab.id}`)).toEqual([]);
  }, PATIENCE_MS);

  it("has everything at its addresses, all on loopback", async (test) => {
    skipWithoutContainers(test, whyNot);
    const { addresses, proxy } = running();
    expect((await fetch(`${addresses.api}/api/healthz`)).status).toBe(200);
    expect((await fetch(addresses.metrics)).status).toBe(200);
    expect([...(await proxy.links()).keys()].sort()).toEqual([...LINK_NAMES].sort());
    const published = await docker(
      "ps",
      "--filter",
      `label=${LAB_LABEL}=${running().id}`,
      "--format",
      "{{.Ports}}",
    );
    const bindings = published
      .join(", ")
      .split(", ")
      .filter((text) => text.includes("->"));
    expect(bindings.length).toBeGreaterThan(0);
    expect(bindings.filter((binding) => !binding.startsWith("127.0.0.1:"))).toEqual([]);
  });

  it("requires its passwords and tokens", async (test) => {
    skipWithoutContainers(test, whyNot);
    const { addresses } = running();
    const withoutToken = async (method: string, address: string, path: string) =>
      (await fetch(`${new URL(address).origin}${path}`, { method })).status;
    expect(await withoutToken("POST", addresses.proxyControl, "/reset")).toBe(401);
    expect(await withoutToken("GET", addresses.proxyControl, "/proxies")).toBe(401);
    expect(await withoutToken("POST", addresses.venueControl, "/pause")).toBe(401);
    expect(await withoutToken("POST", addresses.platform, "/internal/reset")).toBe(401);
    for (const address of [addresses.databaseUrl, addresses.poolerUrl, addresses.poolerAdminUrl]) {
      const guess = new URL(address);
      guess.password = "guess";
      const client = new pg.Client({ connectionString: guess.href });
      client.on("error", () => undefined);
      await expect(client.connect(), guess.pathname).rejects.toThrow(/authentication failed/);
    }
  });

  it("reports what a fault affected, although Toxiproxy does not count it", async (test) => {
    skipWithoutContainers(test, whyNot);
    const { proxy, addresses } = running();
    const latency = { kind: "latency", link: "postgres", latencyMs: 5 };
    const fault = await injectFault(completeFault(latency), faultContextOf(running(), proxy));
    for (let asked = 0; asked < 5; asked++) await fetch(`${addresses.api}/api/positions`);
    await fault.heal();
    const bite = await fault.bite();
    expect(bite).toMatchObject({ kind: "counted" });
    if (bite.kind === "counted") expect(bite.bytes).toBeGreaterThan(0);
  });

  it("is reset to an empty database, and continues", async (test) => {
    skipWithoutContainers(test, whyNot);
    const { addresses } = running();
    await expect.poll(() => sendOrder(addresses.api), { timeout: 30_000 }).toBeLessThan(300);
    expect(await ordersIn(addresses.databaseUrl)).toBeGreaterThan(0);
    await running().reset(7);
    expect(await ordersIn(running().addresses.databaseUrl)).toBe(0);
    expect((await fetch(`${running().addresses.api}/api/healthz`)).status).toBe(200);
  });

  it("pauses a container with the engine, and it answers after it is resumed", async (test) => {
    skipWithoutContainers(test, whyNot);
    const pause = await running().powers.pausing?.pause("spark", PATIENCE_MS);
    expect(await containers("status=paused")).toHaveLength(1);
    const answer = fetch(`${running().addresses.api}/api/healthz`);
    await pause?.resume();
    expect((await answer).status).toBe(200);
    expect(await containers("status=paused")).toEqual([]);
  });

  it("kills the platform, restarts it on its database, and counts no death", async (test) => {
    skipWithoutContainers(test, whyNot);
    await expect.poll(() => sendOrder(running().addresses.api), { timeout: 30_000 }).toBeLessThan(300);
    const orders = await ordersIn(running().addresses.databaseUrl);
    const outcome = await running().powers.killing?.kill("spark", 0);
    expect(outcome).toMatchObject({ kind: "started-again", process: "spark" });
    expect((await fetch(running().addresses.metrics)).status).toBe(200);
    expect(await ordersIn(running().addresses.databaseUrl)).toBe(orders);
    expect(running().deaths()).toEqual([]);
    await running().reset(3);
  });

  it("reports the CPU use of every container", async (test) => {
    skipWithoutContainers(test, whyNot);
    const cpu = await running().powers.cpuReading?.readCpu();
    expect([...(cpu?.keys() ?? [])].sort()).toEqual(SERVICES);
  });

  it("logs the output of every container, and reports one that dies", async (test) => {
    skipWithoutContainers(test, whyNot);
    const logs = new Map(
      running()
        .logs()
        .map(({ process, path }) => [process, path]),
    );
    expect([...logs.keys()].sort()).toEqual(SERVICES);
    expect(await readFile(logs.get("exchanges") ?? "", "utf8")).toContain('"event":"listening"');
    const [exchanges] = await containers("label=kanit.service=exchanges");
    await docker("kill", exchanges ?? "");
    await expect.poll(() => running().deaths(), { timeout: 30_000 }).toHaveLength(1);
    expect(running().deaths()[0]).toMatchObject({ process: "exchanges", ending: "exit code 137" });
  });
});

describe("a lab in containers that cannot start", { timeout: PATIENCE_MS }, () => {
  it.for(["compose", "containers"] as const)(
    "by %s for a port that is taken leaves nothing",
    async (name, test) => {
      skipWithoutContainers(test, whyNot);
      const taken = createServer().listen(0, "127.0.0.1");
      await once(taken, "listening");
      const { port } = taken.address() as AddressInfo;
      const options = { ...(await sparkLab(temporaryDirectory)), linkPorts: { api: port } };
      const before = await leftInEngine(LAB_LABEL);
      const failure = await failureOf(() => startLab({ name, docker: dockerSettings() }, options));
      taken.close();
      expect(failure).toMatchObject({ code: "port-taken", exitCode: 69 });
      expect(failure.message).toContain(`127.0.0.1:${port}`);
      expect(await leftInEngine(LAB_LABEL)).toEqual(before);
    },
  );

  it("for an image that does not exist starts nothing", async (test) => {
    skipWithoutContainers(test, whyNot);
    const settings = dockerSettings({ platformImage: "registry.invalid/mine:1" });
    const options = await sparkLab(temporaryDirectory);
    const failure = await failureOf(() => startLab({ name: "compose", docker: settings }, options));
    expect(failure).toMatchObject({ code: "image-missing", exitCode: 69 });
    expect(failure.message).toContain("registry.invalid");
  });
});

describe("docker-compose.yml", { timeout: PATIENCE_MS }, () => {
  it.for(["toxiproxy", "kanit"])("is valid for Compose with the proxy %s", async (engine, test) => {
    skipWithoutContainers(test, whyNot);
    const secrets = secretVariables(drawLabSecrets(new SecretRegistry()));
    const environment = { ...dockerSettings().environment, KANIT_PROXY: engine, ...secrets };
    const { signal } = new AbortController();
    const compose = await findCompose(environment, signal);
    const check = ["--profile", "observe", "config", "--quiet"];
    const options = { environment, workingDirectory: INSTALLATION.directory, signal };
    expect(await runDocker([...compose, ...check], options)).toBe("");
  });
});

describe("without an engine", () => {
  it.each(["compose", "containers"] as const)("a lab by %s reports it in one line", async (name) => {
    const nowhere = { DOCKER_HOST: `unix://${temporaryDirectory}/nobody.sock` };
    const settings = dockerSettings({ environment: { ...dockerSettings().environment, ...nowhere } });
    const options = await sparkLab(temporaryDirectory);
    const failure = await failureOf(() => startLab({ name, docker: settings }, options));
    // A machine may have no docker at all.
    expect(["docker-unreachable", "no-docker"]).toContain(failure.code);
    expect(failure.exitCode).toBe(69);
    expect(failure.message).not.toContain("\n");
  });
});

describe("a runner that is killed with SIGKILL", { timeout: PATIENCE_MS }, () => {
  it("leaves containers that the next `kanit down` finds by their label", async (test) => {
    skipWithoutContainers(test, whyNot);
    const env = { ...dockerSettings().environment, TMPDIR: temporaryDirectory };
    const kanit = (...args: string[]) =>
      spawn(process.execPath, [COMMAND_LINE, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
    const runner = kanit("up", "--runtime", "compose", "--tape", "synthetic");
    let said = "";
    runner.stdout.on("data", (chunk) => {
      said += chunk;
    });
    await expect.poll(() => said, { timeout: 300_000 }).toContain("Ctrl-C stops it");
    const [, id = ""] = /^lab (\S+) ready/m.exec(said) ?? [];
    runner.kill("SIGKILL");
    await once(runner, "exit");
    expect((await leftInEngine(`${LAB_LABEL}=${id}`)).length).toBeGreaterThanOrEqual(7);
    const down = kanit("down", "--runtime", "compose");
    expect(await once(down, "exit")).toEqual([0, null]);
    expect(await leftInEngine(`${LAB_LABEL}=${id}`)).toEqual([]);
  });
});
