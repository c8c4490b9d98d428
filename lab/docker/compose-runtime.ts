import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { UnavailableError } from "../../core/index.ts";
import { INSTALLATION } from "../../installation/index.ts";
import { LINK_NAMES } from "../links.ts";
import { stubVariables } from "../local/credentials.ts";
import { symbolVariables } from "../market.ts";
import type { ContainerContext, ContainerRuntime, ServiceName } from "./container-context.ts";
import { runDocker } from "./docker-command.ts";
import { mountedTapes } from "./mounted-tapes.ts";
import { platformVariables } from "./platform-variables.ts";
import { linkPortVariable } from "./ports.ts";
import { secretVariables } from "./secret-variables.ts";

const COMPOSE_FILE = join(INSTALLATION.directory, "docker-compose.yml");
const LAB_FILE = "docker-compose.lab.yml";
// The engine chooses any free port.
const ANY_PORT = "0";
const OWNER_ONLY = 0o600;
const PORT_VARIABLES = [
  "KANIT_POSTGRES_PORT",
  "KANIT_PGBOUNCER_PORT",
  "KANIT_PROXY_PORT",
  "KANIT_DOORWAY_PORT",
  "KANIT_VENUE_CONTROL_PORT",
  "KANIT_PLATFORM_PORT",
];

/** Starts the services of docker-compose.yml, with this lab's own settings in a second file. */
export const composeRuntime: ContainerRuntime = {
  name: "compose",
  async start(services, context) {
    const { engine, directory, id, signal } = context;
    const labFile = join(directory, LAB_FILE);
    // Quoted: Compose reads YAML 1.1, in which a bare `on` is no text.
    await writeFile(labFile, stringify(labOverride(context), { defaultStringType: "QUOTE_DOUBLE" }), {
      mode: OWNER_ONLY,
    });
    const compose = await findCompose(engine.environment, signal);
    await runDocker(
      [
        ...compose,
        ...["--project-name", `kanit-${id}`, "--project-directory", INSTALLATION.directory],
        ...["--file", COMPOSE_FILE, "--file", labFile],
        // Compose's own waiting for health checks would take longer than asking each service.
        ...["up", "--detach", "--no-deps", "--no-build", ...services],
      ],
      {
        environment: { ...engine.environment, ...composeVariables(context) },
        workingDirectory: INSTALLATION.directory,
        signal,
      },
    );
  },
};

/** The values of docker-compose.yml's variables for one lab. */
export function composeVariables(context: ContainerContext): Readonly<Record<string, string>> {
  const { options, settings, images, id, owner, secrets } = context;
  const links = LINK_NAMES.map((name) => [
    linkPortVariable(name),
    String(options.linkPorts[name] ?? ANY_PORT),
  ]);
  return {
    ...Object.fromEntries(PORT_VARIABLES.map((name) => [name, ANY_PORT])),
    ...Object.fromEntries(links),
    KANIT_LAB: id,
    KANIT_OWNER: owner,
    KANIT_TAG: images.tag,
    KANIT_PROXY: settings.proxyEngine,
    KANIT_SEED: String(options.seed),
    KANIT_TAPE_SPEED: String(options.tapeSpeed),
    SPARK_IMAGE: images.platform,
    ...secretVariables(secrets),
  };
}

/** What docker-compose.yml leaves to each lab: the recording, the venues' keys, the platform's variables. */
export function labOverride({ options, secrets, credentials }: ContainerContext) {
  const services: readonly ServiceName[] = [
    "postgres",
    "pgbouncer",
    "proxy",
    "doorway",
    "exchanges",
    "spark",
  ];
  // kanit polls the containers itself; a shell in each of them every two seconds would use CPU.
  const silent = Object.fromEntries(services.map((name) => [name, { healthcheck: { interval: "1h" } }]));
  const { market, seed, tapeSpeed, platform, platformEnvironment } = options;
  const { mounts, words } = mountedTapes(market);
  const recording =
    market.kind === "synthetic"
      ? {}
      : {
          volumes: mounts.map(({ source, target }) => `${source}:${target}:ro`),
          command: [...["--seed", String(seed), "--tape-speed", String(tapeSpeed)], ...words],
        };
  return {
    services: {
      ...silent,
      exchanges: { ...silent.exchanges, ...recording, environment: stubVariables(credentials) },
      spark: {
        ...silent.spark,
        environment: dollarsDoubled({
          ...platformVariables(secretVariables(secrets), credentials),
          ...symbolVariables(options),
          ...platform.environment,
          ...platformEnvironment,
        }),
      },
    },
  };
}

/** A dollar begins a variable in Compose's files. */
function dollarsDoubled(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value.replaceAll("$", () => "$$")]),
  );
}

/** Compose as a plugin of docker's (v2), otherwise as a separate program (v1). */
export async function findCompose(
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly [string, ...string[]]> {
  const candidates: readonly (readonly [string, ...string[]])[] = [["docker", "compose"], ["docker-compose"]];
  for (const compose of candidates) {
    const options = { environment, workingDirectory: INSTALLATION.directory, signal };
    const works = await runDocker([...compose, "version"], options).then(
      () => true,
      () => false,
    );
    signal.throwIfAborted();
    if (works) return compose;
  }
  throw new UnavailableError({
    code: "no-compose",
    message: "Expected Docker Compose, as `docker compose` or as `docker-compose`, but neither is installed.",
    nextStep: "Install the package docker-compose-plugin (or docker-compose), or use --runtime containers.",
  });
}
