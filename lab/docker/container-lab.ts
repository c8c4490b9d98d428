import { FaultProxyClient } from "../../chaos/index.ts";
import { withControlToken } from "../../core/index.ts";
import { driverPlace, driverProgram } from "../driver-program.ts";
import type { Lab, LabAddresses, LabDescription } from "../lab.ts";
import { databaseUrl, type LabSecrets, platformHeaders } from "../lab-secrets.ts";
import { type LinkAddresses, linksOf } from "../links.ts";
import type { GuardedProcess } from "../local/guarded-process.ts";
import { limited, type StartedPlatform, untilHealthy } from "../local/platform.ts";
import { DATABASE } from "../local/postgres.ts";
import {
  type AdminConnections,
  openAdminConnections,
  postReset,
  ReplaceableDatabase,
} from "../local/reset-local-lab.ts";
import { describeMarket, tradedSymbols } from "../market.ts";
import { ProcessPowers } from "../powers/process-powers.ts";
import {
  type ContainerContext,
  type ContainerRuntime,
  publishedPort,
  SURROUNDINGS,
} from "./container-context.ts";
import { containerControl } from "./container-control.ts";
import type { ContainerState } from "./docker-engine.ts";
import { followContainer } from "./follow-container.ts";
import { linkPort, PORTS } from "./ports.ts";
import { prepareDatabase } from "./prepare-database.ts";
import { getAny, getOk, untilAnswers } from "./until-answers.ts";

/** The containers that the platform needs, running and answering. */
interface Surroundings {
  readonly proxy: FaultProxyClient;
  readonly admin: AdminConnections;
  readonly urls: ReturnType<typeof urlsOf>;
}

/**
 * Starts the containers in two steps, first what the platform needs and then the platform, and
 * assembles them to a lab.
 */
export async function assembleContainerLab(
  context: ContainerContext,
  runtime: ContainerRuntime,
  release: () => Promise<void>,
): Promise<Lab> {
  await runtime.start(SURROUNDINGS, context);
  const containers = await context.engine.containersOf(context.id);
  const surroundings = await Promise.race([
    openSurroundings(context, containers),
    context.processes.untilDeath(),
  ]);
  await runtime.start(["spark"], context);
  const subject = await followSubject(context);
  const health = `${surroundings.urls.api}${context.options.platform.health}`;
  await Promise.race([untilHealthy(subject, health, context.signal), context.processes.untilDeath()]);
  return makeLab(context, runtime, surroundings, subject, release);
}

async function openSurroundings(
  context: ContainerContext,
  containers: ReadonlyMap<string, ContainerState>,
): Promise<Surroundings> {
  const { settings, signal } = context;
  const followed = new Map<string, { readonly state: ContainerState; readonly process: GuardedProcess }>();
  for (const service of SURROUNDINGS) {
    const state = found(containers, service);
    followed.set(service, { state, process: await followContainer(context, service, state) });
  }
  const of = (service: (typeof SURROUNDINGS)[number]) => found(followed, service);
  const linkEntries = linksOf(context.options.platform.venues).map((name) => [
    name,
    local(of("proxy").state, linkPort(name)),
  ]);
  const links = Object.fromEntries(linkEntries) as LinkAddresses;
  const urls = urlsOf(context.secrets, links, of("proxy").state, of("postgres").state, of("pgbouncer").state);
  const until = <T>(service: (typeof SURROUNDINGS)[number], ask: () => Promise<T>) =>
    untilAnswers(of(service).process, "to answer", signal, ask);
  const databaseReady = until("postgres", () => probe(urls.databaseAdmin)).then(() =>
    prepareDatabase(context, of("postgres").state, urls.databaseAdmin),
  );
  await Promise.all([
    databaseReady,
    until("exchanges", () => getOk(`${urls.venueControl}/health`, signal)),
    until("doorway", () => getOk(`${urls.doorway}/health`, signal)),
    until("pgbouncer", () => probe(urls.poolerAdmin)),
  ]);
  const witnessUrl = settings.proxyEngine === "toxiproxy" ? urls.doorway : null;
  const proxy = await FaultProxyClient.connect(urls.proxyControl, { witnessUrl });
  const admin = await openAdminConnections(urls.databaseAdmin, urls.poolerAdmin);
  return { proxy, admin, urls };
}

/** Opens both consoles once, to check whether the server behind the URL answers. */
async function probe(url: string): Promise<void> {
  await using _ = await openAdminConnections(url, url);
}

function local(container: ContainerState, port: number): string {
  return `127.0.0.1:${publishedPort(container, port)}`;
}

function urlsOf(
  secrets: LabSecrets,
  links: LinkAddresses,
  proxy: ContainerState,
  postgres: ContainerState,
  pgbouncer: ContainerState,
) {
  const database = local(postgres, PORTS.postgres);
  const control = (port: number) => withControlToken(`http://${local(proxy, port)}`, secrets.controlToken);
  return {
    links,
    api: `http://${links.api}`,
    proxyControl: control(PORTS.proxyControl),
    doorway: control(PORTS.doorway),
    venueControl: control(PORTS.venueControl),
    databaseAdmin: databaseUrl(secrets.databaseAdmin, database, "kanit"),
    databaseOf: (name: string) => databaseUrl(secrets.databaseAdmin, database, name),
    pooler: databaseUrl(secrets.platform, links.pgbouncer, DATABASE),
    poolerAdmin: databaseUrl(secrets.poolerConsole, local(pgbouncer, PORTS.pgbouncer), "pgbouncer"),
  };
}

async function followSubject(context: ContainerContext, sinceSeconds?: string): Promise<StartedPlatform> {
  const container = found(await context.engine.containersOf(context.id), "spark");
  const process_ = await followContainer(context, context.options.platform.name, container, sinceSeconds);
  // A container that ended immediately publishes no port; its follower reports why it ended.
  const port = container.running ? publishedPort(container, PORTS.platform) : 0;
  return { process: process_, url: `http://127.0.0.1:${port}` };
}

/** Earlier output of the container is already in the log. */
async function startSubjectAgain(context: ContainerContext, containerId: string): Promise<StartedPlatform> {
  const sinceSeconds = String(Date.now() / 1_000);
  await context.engine.run(["start", containerId]);
  return followSubject(context, sinceSeconds);
}

function makeLab(
  context: ContainerContext,
  runtime: ContainerRuntime,
  surroundings: Surroundings,
  firstSubject: StartedPlatform,
  release: () => Promise<void>,
): Lab {
  const { id, options, processes, engine, settings } = context;
  const { proxy, admin, urls } = surroundings;
  let subject = firstSubject;
  const lead = async (name: string) => {
    const pgbouncer = found(await engine.containersOf(id), "pgbouncer");
    await engine.run(["exec", pgbouncer.id, "lead-to.sh", name]);
  };
  const database = new ReplaceableDatabase(admin, { writeConfiguration: lead });
  const resetWorld = (seed: number) =>
    Promise.all([postReset(`${urls.venueControl}/reset`, { seed }), database.replace()]);
  const reset = async (seed: number) => {
    await proxy.restart(seed);
    if (options.platform.reset.kind === "post") {
      const { path } = options.platform.reset;
      await resetWorld(seed);
      await subject.process.untilReady(() =>
        postReset(`${subject.url}${path}`, {}, platformHeaders(context.secrets)),
      );
    } else {
      // Ended first, so that the old platform writes nothing into the next one's database and venues.
      await processes.stop(subject.process);
      const { id: container } = found(await engine.containersOf(id), "spark");
      await engine.run(["stop", "--time", "2", container]);
      await resetWorld(seed);
      subject = await startSubjectAgain(context, container);
    }
    const limit = limited(processes, settings.startLimitMs);
    await untilHealthy(subject, `${urls.api}${options.platform.health}`, limit);
  };
  const startAgain = async () => {
    await processes.stop(subject.process);
    subject = await startSubjectAgain(context, found(await engine.containersOf(id), "spark").id);
    // Any answer counts: what the platform needs may be broken on purpose.
    const { process: process_, url } = subject;
    const limit = limited(processes, settings.startLimitMs);
    await untilAnswers(process_, "to answer", limit, () => getAny(`${url}${options.platform.health}`, limit));
  };
  const powers = new ProcessPowers(containerControl(context, { [options.platform.name]: startAgain }));
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= Promise.allSettled([admin[Symbol.asyncDispose]()]).then(release);
    return stopped;
  };
  return {
    id,
    runtime: runtime.name,
    symbols: tradedSymbols(options),
    canary: null,
    get addresses() {
      return addressesOf(urls, subject, options.platform.metrics.path, database.name);
    },
    proxy,
    powers,
    reset: (seed) => powers.withWholeLab(() => reset(seed)),
    describe: () => describe(context, runtime.name, surroundings),
    driver: () => driverProgram(options.platform, driverPlace(context, urls.api)),
    logs: () => processes.logs(),
    deaths: () => processes.deaths(),
    onDeath: (listener) => processes.onDeath(listener),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function addressesOf(
  urls: Surroundings["urls"],
  subject: StartedPlatform,
  metricsPath: string,
  database: string,
): LabAddresses {
  return {
    api: urls.api,
    platform: subject.url,
    metrics: `${subject.url}${metricsPath}`,
    proxyControl: urls.proxyControl,
    venueControl: urls.venueControl,
    databaseUrl: urls.databaseOf(database),
    poolerUrl: urls.pooler,
    poolerAdminUrl: urls.poolerAdmin,
    links: urls.links,
  };
}

async function describe(
  { options, settings, engine, images }: ContainerContext,
  runtime: string,
  { admin, proxy }: Surroundings,
): Promise<LabDescription> {
  const postgres = await admin.postgres.query<{ server_version: string }>("SHOW server_version");
  const pgbouncer = await admin.pgbouncer.query<{ version: string }>("SHOW VERSION");
  const version = await proxy.version();
  return {
    runtime: `${runtime}, on Docker ${await engine.version(null)}`,
    platform: `${options.platform.name} (${images.platform})`,
    postgres: postgres.rows[0]?.server_version ?? "unknown",
    pgbouncer: pgbouncer.rows[0]?.version ?? "unknown",
    proxy: settings.proxyEngine === "kanit" ? `kanit, speaking Toxiproxy ${version}` : `Toxiproxy ${version}`,
    market: describeMarket(options.market),
    tapeSpeed: options.tapeSpeed,
  };
}

function found<T>(things: ReadonlyMap<string, T>, service: string): T {
  const thing = things.get(service);
  if (thing !== undefined) return thing;
  throw new TypeError(`Expected a container for ${service}, got ${[...things.keys()].join(", ") || "none"}.`);
}
