import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { FAULT_PROXY_MAIN, FaultProxyClient } from "../../chaos/index.ts";
import { LINK_NAMES, type LinkName } from "../links.ts";
import {
  readAnnouncement,
  urlAnnouncement,
  type VenuesAnnouncement,
  venuesAnnouncement,
} from "./announcement.ts";
import { copyDataDirectory } from "./data-directory.ts";
import type { LabContext } from "./lab-context.ts";
import { KANIT_DIRECTORY, nodeEnvironment, startNodeProgram } from "./node-program.ts";
import { type StartedPgbouncer, startPgbouncer } from "./pgbouncer.ts";
import { type StartedPlatform, startPlatform } from "./platform.ts";
import { DATABASE, type StartedPostgres, startPostgres } from "./postgres.ts";
import { findPostgres } from "./postgres-binaries.ts";
import { withFreePort } from "./with-free-port.ts";

const PROXY_DEADLINE_MS = 5_000;
// A link is made before what lies behind it listens; until then it leads to a port where nobody does.
const NOWHERE = "127.0.0.1:1";

/** The fault proxy with a link for each path, each listening already. */
export interface StartedProxy {
  readonly client: FaultProxyClient;
  readonly controlUrl: string;
  readonly links: Readonly<Record<LinkName, string>>;
}

export async function startProxy(context: LabContext): Promise<StartedProxy> {
  const process_ = await startNodeProgram({
    ...context,
    name: "proxy",
    script: FAULT_PROXY_MAIN,
    arguments: ["--port", "0", "--seed", String(context.options.seed)],
  });
  const { url } = await readAnnouncement(process_, urlAnnouncement);
  const client = await FaultProxyClient.connect(url, { deadlineMs: PROXY_DEADLINE_MS });
  const made = await client.populate(
    LINK_NAMES.map((name) => ({
      name,
      listen: `127.0.0.1:${context.options.linkPorts[name] ?? 0}`,
      upstream: NOWHERE,
    })),
  );
  const links = Object.fromEntries(LINK_NAMES.map((name) => [name, made.get(name)?.listen ?? NOWHERE]));
  return { client, controlUrl: url, links: links as Record<LinkName, string> };
}

export async function startVenues(context: LabContext): Promise<VenuesAnnouncement> {
  const { market, seed, tapeSpeed } = context.options;
  const { binanceKey, binanceSecret, btcturkKey, btcturkSecret } = context.credentials;
  const process_ = await startNodeProgram({
    ...context,
    name: "exchanges",
    script: join(KANIT_DIRECTORY, "exchanges", "main.ts"),
    arguments: [
      ...["--seed", String(seed), "--tape", market.kind === "recording" ? market.path : "synthetic"],
      ...["--tape-speed", String(tapeSpeed)],
      ...["--binance-key", binanceKey, "--binance-secret", binanceSecret],
      ...["--btcturk-key", btcturkKey, "--btcturk-secret", btcturkSecret],
    ],
  });
  return await readAnnouncement(process_, venuesAnnouncement);
}

export async function startDatabase(context: LabContext): Promise<StartedPostgres> {
  const { user, cacheDirectory, logDirectory, processes, findPort } = context;
  const binaries = await findPostgres(user, cacheDirectory);
  const home = join(context.directory, "postgres");
  await mkdir(home);
  if (user.kind === "other") await chown(home, user.uid, user.gid);
  const dataDirectory = join(home, "data");
  const definition = context.options.platform;
  await copyDataDirectory(
    { binaries, user, cacheDirectory, definition, logDirectory, findPort },
    dataDirectory,
  );
  return await withFreePort(findPort, (port) =>
    startPostgres({
      processes,
      name: "postgres",
      binaries,
      user,
      dataDirectory,
      logDirectory,
      port,
      directoryToRemove: dataDirectory,
    }),
  );
}

export function startPooler(context: LabContext, proxy: StartedProxy): Promise<StartedPgbouncer> {
  const { processes, user, logDirectory, findPort } = context;
  const directory = join(context.directory, "pgbouncer");
  return withFreePort(findPort, (port) =>
    startPgbouncer({ processes, user, directory, logDirectory, port, upstream: proxy.links.postgres }),
  );
}

export function startSubject(context: LabContext, proxy: StartedProxy): Promise<StartedPlatform> {
  const { links } = proxy;
  const { credentials, options, processes, logDirectory, findPort } = context;
  return startPlatform({
    processes,
    logDirectory,
    findPort,
    definition: options.platform,
    environment: {
      ...nodeEnvironment(context.cacheDirectory),
      DATABASE_URL: `postgresql://spark@${links.pgbouncer}/${DATABASE}`,
      BINANCE_REST_URL: `http://${links["binance-rest"]}`,
      BINANCE_WS_URL: `ws://${links["binance-ws"]}`,
      BINANCE_API_KEY: credentials.binanceKey,
      BINANCE_API_SECRET: credentials.binanceSecret,
      BTCTURK_REST_URL: `http://${links["btcturk-rest"]}`,
      BTCTURK_WS_URL: `ws://${links["btcturk-ws"]}`,
      BTCTURK_PUBLIC_KEY: credentials.btcturkKey,
      BTCTURK_PRIVATE_KEY: credentials.btcturkSecret,
      BIST_WS_URL: `ws://${links["bist-ws"]}`,
      ...options.platformEnvironment,
    },
  });
}
