import { UnavailableError } from "../../core/index.ts";
import { databaseUrl } from "../lab-secrets.ts";
import { administer, DATABASE, TEMPLATE_DATABASE } from "../local/postgres.ts";
import type { ContainerContext } from "./container-context.ts";
import { type ContainerState, LAB_LABEL, OWNER_LABEL } from "./docker-engine.ts";
import { PORTS } from "./ports.ts";

/**
 * Lets the platform's image migrate the template, and clones the platform's database from it. The image gets
 * the platform's own variables, since its program may require all of them.
 *
 * @throws UnavailableError `migration-failed` with the program's last lines.
 */
export async function prepareDatabase(
  context: ContainerContext,
  postgres: ContainerState,
  adminUrl: string,
): Promise<void> {
  const { engine, options, images, id, owner, signal, secrets } = context;
  const { platform } = options;
  // testcontainers leaves its containers in the engine's own network as well.
  const network = postgres.networks.find((name) => name.startsWith(`kanit-${id}`));
  const variables = {
    ...platform.environment,
    ...options.platformEnvironment,
    DATABASE_URL: databaseUrl(secrets.platform, `postgres:${PORTS.postgres}`, TEMPLATE_DATABASE),
  };
  const handedOver = handOver(variables);
  const migration = engine.run(
    [
      ...["run", "--rm", "--network", network ?? "none"],
      ...["--label", `${LAB_LABEL}=${id}`, "--label", `${OWNER_LABEL}=${owner}`],
      ...handedOver.args,
      images.platform,
      ...platform.migrate,
    ],
    signal,
    handedOver.variables,
  );
  await migration.catch((error: unknown) => {
    signal.throwIfAborted();
    throw new UnavailableError({
      code: "migration-failed",
      message: `Expected \`${platform.migrate.join(" ")}\` in the image ${images.platform} to bring the database up to date, but: ${error instanceof Error ? error.message : String(error)}`,
      nextStep: "It runs in the image's working folder, with DATABASE_URL.",
      cause: error,
    });
  });
  await administer(adminUrl, [
    `DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`,
    `CREATE DATABASE ${DATABASE} TEMPLATE ${TEMPLATE_DATABASE} OWNER spark`,
  ]);
}

/** What docker's own program reads: a container's variable of such a name must not lead it astray. */
const DOCKERS_OWN = /^(PATH|HOME|DOCKER_\w+|XDG_RUNTIME_DIR)$/;

/**
 * How `docker run` is told the variables of a container: by name, with the values in its own environment, since
 * every user of the machine can read its arguments.
 */
function handOver(variables: Readonly<Record<string, string>>) {
  const names = Object.keys(variables);
  const args = names.flatMap((name) => [
    "--env",
    DOCKERS_OWN.test(name) ? `${name}=${variables[name]}` : name,
  ]);
  const byEnvironment = Object.entries(variables).filter(([name]) => !DOCKERS_OWN.test(name));
  return { args, variables: Object.fromEntries(byEnvironment) };
}
