import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { postgresClient } from "./postgres-client.ts";

const HOSTILE = {
  PGHOST: "127.0.0.254",
  PGPORT: "1",
  PGUSER: "somebody",
  PGDATABASE: "elsewhere",
  PGPASSWORD: "not-the-lab's",
  PGPASSFILE: "/dev/null/nowhere",
  PGSSLMODE: "require",
  PGSSLNEGOTIATION: "direct",
  PGOPTIONS: "-c search_path=nowhere",
  PGREPLICATION: "database",
  PGCLIENT_ENCODING: "latin1",
  PGAPPNAME: "somebody's",
  PGSERVICE: "somewhere",
  PGCONNECT_TIMEOUT: "1",
};
const PLAIN_TEXT_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

beforeEach(() => {
  for (const [name, value] of Object.entries(HOSTILE)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** What a client with this URL sends to a server that asks for its password. */
async function saidBy(credentials: string): Promise<{ startup: string; password: string }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = postgresClient(`postgresql://${credentials}@127.0.0.1:${port}/books`, {
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => undefined);
  const connecting = client.connect().catch(() => undefined);
  const [socket] = (await once(server, "connection")) as [Socket];
  const [startup] = (await once(socket, "data")) as [Buffer];
  socket.write(PLAIN_TEXT_PASSWORD);
  const [password] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  await connecting;
  server.close();
  return { startup: startup.subarray(8).toString(), password: password.subarray(5, -1).toString() };
}

it("takes everything from its URL and nothing from the environment", async () => {
  expect(await saidBy("spark:se%40cret")).toEqual({
    startup: "user\0spark\0database\0books\0application_name\0kanit\0client_encoding\0UTF8\0\0",
    password: "se@cret",
  });
});

it("has an empty password when the URL has none, whatever the environment contains", async () => {
  expect((await saidBy("spark")).password).toBe("");
});
