import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { INSTALLATION } from "../../installation/index.ts";
import { STANDARD_CREDENTIALS } from "../../venues/index.ts";
import { configurationText } from "../local/pgbouncer.ts";
import { SETTINGS } from "../local/postgres.ts";
import { platformVariables } from "./platform-variables.ts";
import { COMPOSE_SECRETS, serviceSecrets } from "./secret-variables.ts";
import {
  POSTGRES_AUTHENTICATION,
  POSTGRES_COMMAND,
  POSTGRES_IMAGE,
  TOXIPROXY_COMMAND,
  TOXIPROXY_IMAGE,
} from "./testcontainers-runtime.ts";

const service = z.looseObject({
  image: z.string().default(""),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  user: z.string().optional(),
});
const composeFile = z.object({ services: z.record(z.string(), service) });

async function text(...path: string[]): Promise<string> {
  return readFile(join(INSTALLATION.directory, ...path), "utf8");
}

async function services(...path: string[]) {
  return composeFile.parse(parse(await text(...path), { merge: true })).services;
}

/** The settings of an ini file, without comments and paths. */
function settingsOf(ini: string): readonly string[] {
  const lines = ini.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => /^\w+ =/.test(line) && !/^(spark|listen_|auth_file|pidfile)/.test(line))
    .sort();
}

describe("the lab in containers", () => {
  it("publishes nothing but on loopback", async () => {
    const published = Object.values(await services("docker-compose.yml")).flatMap(({ ports }) => ports);
    expect(published.length).toBeGreaterThanOrEqual(13);
    expect(published.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
  });

  it("has the same pools as the local lab", async () => {
    const local = configurationText({ directory: "/x", port: 1, upstream: "127.0.0.1:2" }, "spark");
    expect(settingsOf(await text("docker", "pgbouncer", "pgbouncer.ini"))).toEqual(settingsOf(local));
  });

  it("runs Postgres with the local lab's settings, in both runtimes", async () => {
    const { postgres } = await services("docker-compose.yml");
    const places = /^(dynamic_shared_memory_type|listen_addresses|unix_socket_directories|log_line_prefix)=/;
    const local = SETTINGS.filter((setting) => !places.test(setting)).map((setting) => `-c${setting}`);
    expect(postgres?.command).toEqual(["postgres", ...local]);
    expect(POSTGRES_COMMAND).toEqual(postgres?.command);
  });

  it("gives the platform the same variables by Compose and by testcontainers", async () => {
    const { spark } = await services("docker-compose.yml");
    // Spark's own variables, which kanit takes from its definition.
    const { SPARK_CONTROL: _, DATABASE_POOL_SIZE: __, ...given } = spark?.environment ?? {};
    expect(given).toEqual(platformVariables(COMPOSE_SECRETS, STANDARD_CREDENTIALS));
  });

  it("hands each container its own secrets and no others, by Compose and by testcontainers", async () => {
    const found = await services("docker-compose.yml");
    const expected = serviceSecrets(COMPOSE_SECRETS);
    for (const [name, secrets] of Object.entries(expected)) {
      const environment = Object.entries(found[name]?.environment ?? {});
      const asked = environment.filter(([, value]) => value.includes(":?"));
      expect(Object.fromEntries(asked), name).toEqual(secrets);
    }
    expect(found.postgres?.environment).toMatchObject(POSTGRES_AUTHENTICATION);
  });

  it("has Toxiproxy's control API on loopback, behind the doorway's guard, by Compose and by testcontainers", async () => {
    const { proxy } = await services("docker", "proxy.toxiproxy.yml");
    expect(proxy?.command).toEqual(TOXIPROXY_COMMAND);
    expect(TOXIPROXY_COMMAND).toContain("-host=127.0.0.1");
  });

  it("runs the same images by Compose and by testcontainers", async () => {
    const { postgres } = await services("docker-compose.yml");
    const { proxy } = await services("docker", "proxy.toxiproxy.yml");
    expect([postgres?.image, proxy?.image]).toEqual([POSTGRES_IMAGE, TOXIPROXY_IMAGE]);
  });

  it("runs nothing as root", async () => {
    const compose = {
      ...(await services("docker-compose.yml")),
      ...(await services("docker", "proxy.toxiproxy.yml")),
    };
    for (const [name, { image, user }] of Object.entries(compose)) {
      if (!/^(postgres|prom|grafana|ghcr)/.test(image)) continue;
      expect(user, name).toMatch(/^[1-9]\d*:/);
    }
    for (const name of ["doorway", "exchanges", "fault-proxy", "pgbouncer", "spark"]) {
      expect(await text("docker", `${name}.Dockerfile`), name).toMatch(/^USER (node|pooler)$/m);
    }
  });
});
