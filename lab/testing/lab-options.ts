import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SecretRegistry } from "../../core/index.ts";
import { type PlatformDefinition, readPlatformDefinition, SPARK_DEFINITION } from "../../definition/index.ts";
import type { LabOptions } from "../lab-options.ts";

/** The options of a lab with Spark, the synthetic market and its logs beside it. */
export async function sparkLab(temporaryDirectory: string): Promise<LabOptions> {
  return labOf(await readPlatformDefinition(SPARK_DEFINITION), temporaryDirectory);
}

/** The options of a lab with this platform. */
export function labOf(platform: PlatformDefinition, temporaryDirectory: string): LabOptions {
  return {
    platform,
    market: { kind: "synthetic" },
    tapeSpeed: 1,
    seed: 1,
    linkPorts: {},
    platformEnvironment: {},
    canary: null,
    stepsClock: false,
    secrets: new SecretRegistry(),
    logDirectory: null,
    temporaryDirectory,
    signal: new AbortController().signal,
  };
}

// Healthy immediately, without the database; reports its process id and a variable of its environment.
const SERVER = `import { createServer } from "node:http";
const answer = { pid: process.pid, greeting: process.env.GREETING ?? null, color: process.env.COLOR ?? null };
createServer((request, response) => {
  console.log(request.url);
  response.end(JSON.stringify(answer));
}).listen(Number(process.env.PORT), process.env.HOST);
`;

/** A platform like one of a user: a Node program that listens on PORT and is reset by a restart. */
export async function writeTinyPlatform(
  directory: string,
  changes: Partial<PlatformDefinition> = {},
): Promise<PlatformDefinition> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "server.mjs"), SERVER);
  await writeFile(join(directory, "migration.mjs"), "// Nothing to migrate.\n");
  return {
    ...(await readPlatformDefinition(SPARK_DEFINITION)),
    name: "tiny",
    directory,
    start: ["node", "server.mjs"],
    migrate: ["node", "migration.mjs"],
    migrations: join(directory, "migration.mjs"),
    listens: "on-port",
    health: "/health",
    reset: { kind: "restart" },
    environment: { GREETING: "from the definition" },
    ...changes,
  };
}
