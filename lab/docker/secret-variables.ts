import type { LabSecrets } from "../lab-secrets.ts";

/** The variables of docker-compose.yml for the secrets of a lab. They reach containers by the environment only. */
export function secretVariables(secrets: LabSecrets) {
  return {
    KANIT_DATABASE_ADMIN_PASSWORD: secrets.databaseAdmin.password,
    KANIT_DATABASE_PASSWORD: secrets.platform.password,
    KANIT_POOLER_CONSOLE_PASSWORD: secrets.poolerConsole.password,
    KANIT_CONTROL_TOKEN: secrets.controlToken,
    KANIT_PLATFORM_TOKEN: secrets.platformToken,
  };
}

export type SecretVariables = Readonly<ReturnType<typeof secretVariables>>;

/** What docker-compose.yml says where a secret belongs: its variable, without which Compose starts nothing. */
export const COMPOSE_SECRETS: SecretVariables = {
  KANIT_DATABASE_ADMIN_PASSWORD: required("KANIT_DATABASE_ADMIN_PASSWORD"),
  KANIT_DATABASE_PASSWORD: required("KANIT_DATABASE_PASSWORD"),
  KANIT_POOLER_CONSOLE_PASSWORD: required("KANIT_POOLER_CONSOLE_PASSWORD"),
  KANIT_CONTROL_TOKEN: required("KANIT_CONTROL_TOKEN"),
  KANIT_PLATFORM_TOKEN: required("KANIT_PLATFORM_TOKEN"),
};

function required(name: string): string {
  return `\${${name}:?run sh docker/draw-secrets.sh once}`;
}

/** What each container is told: its own secrets and no others. */
export function serviceSecrets(variables: SecretVariables) {
  const { KANIT_DATABASE_PASSWORD, KANIT_POOLER_CONSOLE_PASSWORD, KANIT_CONTROL_TOKEN } = variables;
  return {
    postgres: { POSTGRES_PASSWORD: variables.KANIT_DATABASE_ADMIN_PASSWORD, KANIT_DATABASE_PASSWORD },
    pgbouncer: { KANIT_DATABASE_PASSWORD, KANIT_POOLER_CONSOLE_PASSWORD },
    doorway: { KANIT_CONTROL_TOKEN },
    exchanges: { KANIT_CONTROL_TOKEN },
  };
}
