import { join } from "node:path";
import {
  type GenericContainer,
  getContainerRuntimeClient,
  getReaper,
  StartupCheckStrategy,
  type StartupStatus,
} from "testcontainers";
import { INSTALLATION } from "../../installation/index.ts";
import { LINK_NAMES } from "../links.ts";
import { stubVariables } from "../local/credentials.ts";
import { symbolVariables } from "../market.ts";
import type { ContainerContext, ContainerRuntime, ServiceName } from "./container-context.ts";
import { explainDockerFailure } from "./docker-command.ts";
import { LAB_LABEL, OWNER_LABEL, SERVICE_LABEL } from "./docker-engine.ts";
import { LoopbackContainer, LoopbackPostgres, LoopbackToxiproxy } from "./loopback-containers.ts";
import { mountedTapes } from "./mounted-tapes.ts";
import { platformVariables } from "./platform-variables.ts";
import { linkPort, PORTS } from "./ports.ts";
import { secretVariables, serviceSecrets } from "./secret-variables.ts";

/** As in docker-compose.yml and docker/proxy.toxiproxy.yml. */
export const POSTGRES_IMAGE = "postgres:18-bookworm";
export const TOXIPROXY_IMAGE = "ghcr.io/shopify/toxiproxy:2.12.0";
export const TOXIPROXY_COMMAND = ["-host=127.0.0.1", "-port=8475", "-proxy-metrics", "-runtime-metrics"];
export const POSTGRES_COMMAND = [
  "postgres",
  ...["-cfsync=off", "-cfull_page_writes=off", "-cwal_level=replica", "-carchive_mode=on"],
  ...[
    "-cmax_wal_senders=0",
    "-cshared_buffers=32MB",
    "-cmax_connections=80",
    "-clog_min_messages=warning",
    "-clc_messages=C",
  ],
];
export const POSTGRES_AUTHENTICATION = {
  POSTGRES_HOST_AUTH_METHOD: "scram-sha-256",
  POSTGRES_INITDB_ARGS:
    "--no-sync --auth-local=scram-sha-256 --auth-host=scram-sha-256 -c archive_command=true",
};
const NOBODY = "65534:65534";

/** Starts the same containers as docker-compose.yml, by testcontainers and its modules. */
export const testcontainersRuntime: ContainerRuntime = {
  name: "containers",
  async start(services, context) {
    try {
      if (services.includes("spark")) await start(platform(context), "spark", context, await reaperServes());
      else await startSurroundings(context);
    } catch (error) {
      context.signal.throwIfAborted();
      const cause = error instanceof Error ? error : new Error(String(error));
      throw explainDockerFailure(
        "testcontainers",
        ["start"],
        new Error(cause.message, { cause }),
        cause.message,
      );
    }
  },
};

async function startSurroundings(context: ContainerContext): Promise<void> {
  const { engine, id, owner } = context;
  // testcontainers' own networks cannot have labels, and without a label the network of a
  // killed runner cannot be found.
  const labels = ["--label", `${LAB_LABEL}=${id}`, "--label", `${OWNER_LABEL}=${owner}`];
  await engine.run(["network", "create", ...labels, networkOf(context)], context.signal);
  const reaped = await reaperServes();
  const behindProxy = start(proxy(context), "proxy", context, reaped).then((started) =>
    Promise.all([
      start(doorway(context, started), "doorway", context, reaped),
      start(exchanges(context, started), "exchanges", context, reaped),
    ]),
  );
  await Promise.all([
    behindProxy,
    start(postgres(context), "postgres", context, reaped),
    start(pgbouncer(context), "pgbouncer", context, reaped),
  ]);
}

/**
 * testcontainers' reaper removes what a killed runner left, if its image is available. kanit
 * finds the rest by label.
 */
async function reaperServes(): Promise<boolean> {
  const client = await getContainerRuntimeClient();
  return getReaper(client).then(
    () => true,
    () => false,
  );
}

// kanit polls the containers itself, in the same way in every runtime.
class Running extends StartupCheckStrategy {
  async checkStartupState(): Promise<StartupStatus> {
    return "SUCCESS";
  }
}

async function start(
  container: GenericContainer,
  service: ServiceName,
  context: ContainerContext,
  reaped: boolean,
): Promise<string> {
  context.signal.throwIfAborted();
  const labels = {
    [LAB_LABEL]: context.id,
    [OWNER_LABEL]: context.owner,
    [SERVICE_LABEL]: service,
  };
  // The exchanges and the doorway share the proxy's network.
  const joined = new Set<ServiceName>(["doorway", "exchanges"]).has(service)
    ? container
    : container.withNetworkMode(networkOf(context)).withNetworkAliases(service);
  const started = await joined
    .withLabels(labels)
    .withName(`${networkOf(context)}-${service}`)
    .withWaitStrategy(new Running())
    .withAutoCleanup(reaped)
    .start();
  return started.getId();
}

function postgres({ secrets }: ContainerContext): GenericContainer {
  return new LoopbackPostgres(POSTGRES_IMAGE)
    .withUsername("kanit")
    .withDatabase("kanit")
    .withPassword(secrets.databaseAdmin.password)
    .withEnvironment({ ...POSTGRES_AUTHENTICATION, ...serviceSecrets(secretVariables(secrets)).postgres })
    .withUser("999:999")
    .withTmpFs({ "/var/lib/postgresql": "uid=999,gid=999" })
    .withHealthCheck({ test: ["CMD", "true"], interval: 3_600_000 })
    .withCopyFilesToContainer([
      {
        source: join(INSTALLATION.directory, "docker", "postgres", "init.sql"),
        target: "/docker-entrypoint-initdb.d/init.sql",
      },
    ])
    .withCommand(POSTGRES_COMMAND);
}

function pgbouncer({ images, secrets }: ContainerContext): GenericContainer {
  return new LoopbackContainer(`kanit/pgbouncer:${images.tag}`)
    .withExposedPorts(PORTS.pgbouncer)
    .withEnvironment(serviceSecrets(secretVariables(secrets)).pgbouncer);
}

function proxy({ options, settings, images }: ContainerContext): GenericContainer {
  const container =
    settings.proxyEngine === "toxiproxy"
      ? new LoopbackToxiproxy(TOXIPROXY_IMAGE).withUser(NOBODY).withCommand(TOXIPROXY_COMMAND)
      : new LoopbackContainer(`kanit/fault-proxy:${images.tag}`).withCommand([
          "--seed",
          String(options.seed),
        ]);
  const links = LINK_NAMES.map((name) => {
    const hostPort = options.linkPorts[name];
    const port = linkPort(name);
    return hostPort === undefined ? port : { container: port, host: hostPort };
  });
  return container.withExposedPorts(PORTS.proxyControl, PORTS.doorway, PORTS.venueControl, ...links);
}

function doorway({ images, settings, secrets }: ContainerContext, proxyId: string): GenericContainer {
  return new LoopbackContainer(`kanit/doorway:${images.tag}`)
    .withNetworkMode(`container:${proxyId}`)
    .withEnvironment({
      KANIT_PROXY: settings.proxyEngine,
      ...serviceSecrets(secretVariables(secrets)).doorway,
    });
}

function exchanges(context: ContainerContext, proxyId: string): GenericContainer {
  const { images, secrets, credentials } = context;
  const { market, seed, tapeSpeed } = context.options;
  const container = new LoopbackContainer(`kanit/exchanges:${images.tag}`)
    .withNetworkMode(`container:${proxyId}`)
    .withEnvironment({
      ...serviceSecrets(secretVariables(secrets)).exchanges,
      ...stubVariables(credentials),
    });
  const common = ["--seed", String(seed), "--tape-speed", String(tapeSpeed)];
  const { mounts, words } = mountedTapes(market);
  return container
    .withBindMounts(mounts.map((mount) => ({ ...mount, mode: "ro" as const })))
    .withCommand([...common, ...words]);
}

function platform({ images, options, secrets, credentials }: ContainerContext): GenericContainer {
  return new LoopbackContainer(images.platform).withExposedPorts(PORTS.platform).withEnvironment({
    ...platformVariables(secretVariables(secrets), credentials),
    ...symbolVariables(options),
    ...options.platform.environment,
    ...options.platformEnvironment,
  });
}

function networkOf({ id }: Pick<ContainerContext, "id">): string {
  return `kanit-${id}`;
}
