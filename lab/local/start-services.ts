import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FAULT_PROXY_MAIN, FaultProxyClient, FaultProxyError, type LinkState } from "../../chaos/index.ts";
import { CONTROL_TOKEN_VARIABLE, UnavailableError, withControlToken } from "../../core/index.ts";
import { ownModule } from "../../installation/index.ts";
import { venueVariables } from "../../venues/index.ts";
import type { CanaryOptions } from "../canary/canary-options.ts";
import { Candidate } from "../canary/candidate.ts";
import type { LabOptions } from "../lab-options.ts";
import { databaseUrl, platformTokenVariable } from "../lab-secrets.ts";
import { LINK_NAMES, type LinkAddresses, type LinkName, linksOf } from "../links.ts";
import { symbolVariables } from "../market.ts";
import { tapeArguments } from "../read-recording.ts";
import {
  readAnnouncement,
  urlAnnouncement,
  type VenuesAnnouncement,
  venuesAnnouncement,
} from "./announcement.ts";
import { stubVariables } from "./credentials.ts";
import { copyDataDirectory } from "./data-directory.ts";
import type { LabContext } from "./lab-context.ts";
import { nodeEnvironment, startNodeProgram } from "./node-program.ts";
import { type StartedPgbouncer, startPgbouncer } from "./pgbouncer.ts";
import { type PlatformOptions, type StartedPlatform, startPlatform, startPlatformAt } from "./platform.ts";
import { administer, DATABASE, type StartedPostgres, setPassword, startPostgres } from "./postgres.ts";
import { findPostgres } from "./postgres-binaries.ts";
import { withFreePort } from "./with-free-port.ts";

const PROXY_DEADLINE_MS = 5_000;
// A link is created before the server behind it listens; until then it leads to a port without a listener.
const NOWHERE = "127.0.0.1:1";

/** The fault proxy with a link for each path, all listening. */
export interface StartedProxy {
  readonly client: FaultProxyClient;
  readonly controlUrl: string;
  readonly links: LinkAddresses;
}

export async function startProxy(context: LabContext): Promise<StartedProxy> {
  const process_ = await startNodeProgram({
    ...context,
    name: "proxy",
    script: FAULT_PROXY_MAIN,
    arguments: ["--port", "0", "--seed", String(context.options.seed), "--loopback-only"],
    environment: controlVariables(context),
  });
  const announced = await readAnnouncement(context.processes, process_, urlAnnouncement);
  const url = withControlToken(announced.url, context.secrets.controlToken);
  const client = await FaultProxyClient.connect(url, { deadlineMs: PROXY_DEADLINE_MS });
  const names = linksOf(context.options.platform.venues);
  const made = await makeLinks(client, names, context.options.linkPorts);
  const links = Object.fromEntries(names.map((name) => [name, made.get(name)?.listen ?? NOWHERE]));
  return { client, controlUrl: url, links: links as LinkAddresses };
}

async function makeLinks(
  client: FaultProxyClient,
  names: readonly LinkName[],
  ports: LabOptions["linkPorts"],
): Promise<ReadonlyMap<string, LinkState>> {
  const proxies = names.map((name) => ({
    name,
    listen: `127.0.0.1:${ports[name] ?? 0}`,
    upstream: NOWHERE,
  }));
  try {
    return await client.populate(proxies);
  } catch (error) {
    throw explainLinkFailure(error, ports);
  }
}

// The proxy creates the links one after the other, and names the address that was not available.
function explainLinkFailure(error: unknown, ports: LabOptions["linkPorts"]): unknown {
  if (!(error instanceof FaultProxyError)) return error;
  const refused = LINK_NAMES.find((name) => error.message.includes(`127.0.0.1:${ports[name] ?? 0}: `));
  if (refused === undefined) return error;
  const port = ports[refused];
  const denied = /permission denied/i.test(error.message);
  return new UnavailableError({
    code: denied ? "port-denied" : "port-taken",
    message: `Expected port ${port} for the link ${refused}, but ${denied ? "this user may not listen there" : "another program listens there"}.`,
    nextStep: `Name another, or leave --port ${refused}=… to take any free port.`,
    cause: error,
  });
}

export async function startVenues(context: LabContext): Promise<VenuesAnnouncement> {
  const { market, seed, tapeSpeed } = context.options;
  const process_ = await startNodeProgram({
    ...context,
    name: "exchanges",
    script: fileURLToPath(ownModule("../../exchanges/main.ts", import.meta.url)),
    arguments: [
      ...["--seed", String(seed)],
      ...(market.kind === "recording" ? tapeArguments(market.paths, market.snapshots) : []),
      ...["--tape-speed", String(tapeSpeed)],
    ],
    environment: { ...controlVariables(context), ...stubVariables(context.credentials) },
  });
  const venues = await readAnnouncement(context.processes, process_, venuesAnnouncement);
  return { ...venues, control: withControlToken(venues.control, context.secrets.controlToken) };
}

function controlVariables({ secrets }: LabContext): Readonly<Record<string, string>> {
  return { [CONTROL_TOKEN_VARIABLE]: secrets.controlToken };
}

export async function startDatabase(context: LabContext): Promise<StartedPostgres> {
  const { user, cacheDirectory, logDirectory, processes, findPort } = context;
  const labDirectory = context.directory;
  const binaries = await findPostgres(user, cacheDirectory, labDirectory);
  const home = join(context.directory, "postgres");
  // Readable only by its owner, like the folder that Postgres creates in it.
  await mkdir(home, { mode: 0o700 });
  if (user.kind === "other") await chown(home, user.uid, user.gid);
  const dataDirectory = join(home, "data");
  // Both arms use one database: the newer migrations, as before a release.
  const definition = context.options.canary?.candidate ?? context.options.platform;
  const registry = context.options.secrets;
  const firstLogin = await copyDataDirectory(
    { processes, binaries, user, cacheDirectory, labDirectory, definition, logDirectory, registry, findPort },
    dataDirectory,
  );
  const postgres = await withFreePort(context, (port) =>
    startPostgres({
      processes,
      name: "postgres",
      binaries,
      user,
      dataDirectory,
      logDirectory,
      port,
    }),
  );
  const { databaseAdmin, platform } = context.secrets;
  await administer(postgres.urlOf(firstLogin, "postgres"), [
    setPassword(platform),
    setPassword(databaseAdmin),
  ]);
  return postgres;
}

export function startPooler(context: LabContext, proxy: StartedProxy): Promise<StartedPgbouncer> {
  const { processes, user, logDirectory, settings, secrets } = context;
  const { programPath } = settings;
  const directory = join(context.directory, "pgbouncer");
  const upstream = proxy.links.postgres;
  return withFreePort(context, (port) =>
    startPgbouncer({ processes, user, directory, logDirectory, port, upstream, programPath, secrets }),
  );
}

export function startSubject(context: LabContext, proxy: StartedProxy): Promise<StartedPlatform> {
  return startPlatform(stableOptions(context, proxy));
}

/** Starts the candidate beside it, which has the same database, venues and variables. */
export function startCandidate(
  context: LabContext,
  { candidate, candidateEnvironment }: CanaryOptions,
  proxy: StartedProxy,
): Promise<Candidate> {
  const options = subjectOptions(context, proxy);
  return Candidate.start({
    ...options,
    definition: candidate,
    environment: { ...options.environment, ...armVariable("canary") },
    userEnvironment: { ...options.userEnvironment, ...candidateEnvironment },
  });
}

/** Restarts the platform on its former port, so that its link and its observers find it. */
export function restartSubject(
  context: LabContext,
  proxy: StartedProxy,
  { url }: StartedPlatform,
): Promise<StartedPlatform> {
  return startPlatformAt(stableOptions(context, proxy), Number(new URL(url).port));
}

function stableOptions(context: LabContext, proxy: StartedProxy): PlatformOptions {
  const options = subjectOptions(context, proxy);
  const arm = context.options.canary === null ? {} : armVariable("stable");
  return { ...options, environment: { ...options.environment, ...arm }, onDeath: null };
}

/** Which arm a platform is: a kill switch with the scope `canary` stops the candidate only. */
function armVariable(arm: "stable" | "canary"): Readonly<Record<string, string>> {
  return { SPARK_ARM: arm };
}

function subjectOptions(context: LabContext, { links }: StartedProxy): Omit<PlatformOptions, "onDeath"> {
  const { credentials, options, processes, logDirectory, findPort, settings, secrets } = context;
  return {
    processes,
    logDirectory,
    findPort,
    startLimitMs: settings.startLimitMs,
    definition: options.platform,
    userEnvironment: options.platformEnvironment,
    environment: {
      ...nodeEnvironment(context.cacheDirectory),
      ...context.platformClock?.environment,
      DATABASE_URL: databaseUrl(secrets.platform, links.pgbouncer, DATABASE),
      ...platformTokenVariable(secrets),
      ...symbolVariables(options),
      ...venueVariables(options.platform.venues, (link) => links[link] ?? NOWHERE, credentials),
    },
  };
}
