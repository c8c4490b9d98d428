import { linksToVenues, type VenueName } from "../../venues/index.ts";
import { requireComparable, type StartedCanary, startCanary } from "../canary/start-canary.ts";
import { driverPlace, driverProgram } from "../driver-program.ts";
import type { Lab, LabAddresses, LabDescription } from "../lab.ts";
import { databaseUrl, platformHeaders } from "../lab-secrets.ts";
import { describeMarket, tradedSymbols } from "../market.ts";
import { ClockStepper } from "../powers/clock-stepper.ts";
import { ProcessPowers } from "../powers/process-powers.ts";
import type { VenuesAnnouncement } from "./announcement.ts";
import type { LabContext } from "./lab-context.ts";
import { localControl } from "./local-control.ts";
import type { StartedPgbouncer } from "./pgbouncer.ts";
import { limited, type StartedPlatform, untilHealthy } from "./platform.ts";
import { DATABASE, type StartedPostgres } from "./postgres.ts";
import {
  type AdminConnections,
  openAdminConnections,
  postReset,
  ReplaceableDatabase,
} from "./reset-local-lab.ts";
import {
  restartSubject,
  type StartedProxy,
  startCandidate,
  startDatabase,
  startPooler,
  startProxy,
  startSubject,
  startVenues,
} from "./start-services.ts";

interface Parts {
  readonly proxy: StartedProxy;
  readonly venues: VenuesAnnouncement;
  readonly postgres: StartedPostgres;
  readonly pooler: StartedPgbouncer;
  readonly admin: AdminConnections;
  readonly canary: StartedCanary | null;
}

/** Starts all parts, each as early as its dependencies allow, and assembles them to a lab. */
export async function assembleLab(context: LabContext): Promise<Lab> {
  const proxyStart = startProxy(context);
  const venuesStart = startVenues(context);
  const databaseStart = startDatabase(context);
  const poolerStart = proxyStart.then((proxy) => startPooler(context, proxy));
  const adminStart = Promise.all([databaseStart, poolerStart]).then(([postgres, pooler]) =>
    openAdminConnections(postgres.urlOf(context.secrets.databaseAdmin, "postgres"), pooler.adminUrl),
  );
  const subjectStart = proxyStart.then((proxy) => startSubject(context, proxy));
  const canaryStart = startCanaryOf(context, proxyStart, subjectStart);
  const wired = [
    Promise.all([proxyStart, venuesStart]).then(([proxy, venues]) =>
      wireVenues(proxy, venues, context.options.platform.venues),
    ),
    Promise.all([proxyStart, databaseStart]).then(([proxy, postgres]) =>
      wire(proxy, "postgres", postgres.port),
    ),
    Promise.all([proxyStart, poolerStart]).then(([proxy, pooler]) => wire(proxy, "pgbouncer", pooler.port)),
    Promise.all([proxyStart, subjectStart, canaryStart]).then(([proxy, subject, canary]) =>
      wireUsers(proxy, subject, canary),
    ),
  ];
  const starts = [
    ...[proxyStart, venuesStart, databaseStart, poolerStart, adminStart, subjectStart, canaryStart],
  ] as const;
  // Created first, to see every failure, also those after the first.
  const everythingEnded = Promise.allSettled([...starts, ...wired]);
  try {
    await Promise.all(wired);
    const [proxy, venues, postgres, pooler, admin, subject, canary] = await Promise.all(starts);
    const health = `http://${proxy.links.api}${context.options.platform.health}`;
    await Promise.race([
      untilHealthy(subject, health, context.processes.stopping),
      context.processes.untilDeath(),
    ]);
    return makeLab(context, { proxy, venues, postgres, pooler, admin, canary }, subject);
  } catch (error) {
    // Parts that are still starting notice it because their process ends.
    await context.processes.stopAll();
    await everythingEnded;
    throw error;
  }
}

function wire(proxy: StartedProxy, link: string, port: number): Promise<unknown> {
  return proxy.client.setUpstream(link, `127.0.0.1:${port}`);
}

/** Users come to the platform, or to HAProxy where a candidate stands beside it. */
function wireUsers(
  proxy: StartedProxy,
  subject: StartedPlatform,
  canary: StartedCanary | null,
): Promise<unknown> {
  return proxy.client.setUpstream("api", canary?.front ?? new URL(subject.url).host);
}

async function startCanaryOf(
  context: LabContext,
  proxy: Promise<StartedProxy>,
  subject: Promise<StartedPlatform>,
): Promise<StartedCanary | null> {
  const options = context.options.canary;
  if (options === null) return null;
  requireComparable(context, options);
  const candidate = proxy.then((started) => startCandidate(context, options, started));
  return startCanary(context, options, ...(await Promise.all([subject, candidate])));
}

function wireVenues(
  proxy: StartedProxy,
  stubs: VenuesAnnouncement,
  traded: readonly VenueName[],
): Promise<unknown> {
  return Promise.all(linksToVenues(traded).map(({ name }) => wire(proxy, name, stubs.links[name])));
}

function makeLab(context: LabContext, parts: Parts, firstSubject: StartedPlatform): Lab {
  const { id, options, guard, processes } = context;
  const { proxy, admin, canary } = parts;
  let subject = firstSubject;
  const database = new ReplaceableDatabase(admin, parts.pooler);
  let stopped: Promise<void> | null = null;

  const resetWorld = (seed: number) =>
    Promise.all([postReset(`${parts.venues.control}/reset`, { seed }), database.replace()]);
  const resetAll = async (seed: number) => {
    const { reset, health } = options.platform;
    await proxy.client.restart(seed);
    await canary?.stopCandidate();
    if (reset.kind === "post") {
      await resetWorld(seed);
      await subject.process.untilReady(() =>
        postReset(`${subject.url}${reset.path}`, {}, platformHeaders(context.secrets)),
      );
    } else {
      // Ended first, so that the old platform writes nothing into the next one's database and venues.
      await processes.stop(subject.process);
      await resetWorld(seed);
      subject = await startSubject(context, proxy);
      await wireUsers(proxy, subject, canary);
    }
    const limit = limited(processes, context.settings.startLimitMs);
    await canary?.beginAnew(subject, limit);
    await untilHealthy(subject, `http://${proxy.links.api}${health}`, limit);
  };
  const startAgain = async () => {
    await processes.stop(subject.process);
    subject = await restartSubject(context, proxy, subject);
  };
  const restarts = {
    ...canary?.restarts,
    [options.platform.name]: startAgain,
    postgres: async () => {
      await processes.retire("postgres");
      await parts.postgres.startAgain();
      await admin.reopen("postgres");
      await database.restore();
    },
    pgbouncer: async () => {
      await processes.retire("pgbouncer");
      await parts.pooler.startAgain();
      await admin.reopen("pgbouncer");
    },
  };
  const clock = clockStepperOf(context, () => `${subject.url}${options.platform.health}`);
  const powers = new ProcessPowers(localControl(context, options.platform.name, { restarts, clock }));
  const release = async () => {
    await Promise.allSettled([admin[Symbol.asyncDispose]()]);
    await processes.stopAll();
    await guard.end("nothing");
  };
  const stop = () => {
    stopped ??= release();
    return stopped;
  };
  return {
    id,
    runtime: "local",
    symbols: tradedSymbols(options),
    get addresses() {
      return addressesOf(context, parts, subject, database.name);
    },
    get canary() {
      return canary?.describe(subject) ?? null;
    },
    proxy: proxy.client,
    powers,
    reset: (seed) => powers.withWholeLab(() => resetAll(seed)),
    describe: () => describe(context, parts),
    driver: () => driverProgram(options.platform, driverPlace(context, `http://${proxy.links.api}`)),
    logs: () => processes.logs(),
    deaths: () => processes.deaths(),
    onDeath: (listener) => processes.onDeath(listener),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** What steps the platform's clock, and looks at it at this address; null when nothing will step it. */
function clockStepperOf(
  { platformClock, processes }: Pick<LabContext, "platformClock" | "processes">,
  url: () => string,
): ClockStepper | null {
  if (platformClock === null) return null;
  return new ClockStepper({
    set: (offsetMs) => platformClock.set(offsetMs),
    url,
    stopping: processes.stopping,
  });
}

function addressesOf(
  context: LabContext,
  parts: Parts,
  subject: StartedPlatform,
  database: string,
): LabAddresses {
  const { links, controlUrl } = parts.proxy;
  return {
    api: `http://${links.api}`,
    platform: subject.url,
    metrics: `${subject.url}${context.options.platform.metrics.path}`,
    proxyControl: controlUrl,
    venueControl: parts.venues.control,
    databaseUrl: parts.postgres.urlOf(context.secrets.databaseAdmin, database),
    poolerUrl: databaseUrl(context.secrets.platform, links.pgbouncer, DATABASE),
    poolerAdminUrl: parts.pooler.adminUrl,
    links,
  };
}

async function describe(context: LabContext, parts: Parts): Promise<LabDescription> {
  const { options } = context;
  const postgres = await parts.admin.postgres.query<{ server_version: string }>("SHOW server_version");
  const pgbouncer = await parts.admin.pgbouncer.query<{ version: string }>("SHOW VERSION");
  return {
    runtime: "local",
    platform: options.platform.name,
    postgres: postgres.rows[0]?.server_version ?? "unknown",
    pgbouncer: pgbouncer.rows[0]?.version ?? "unknown",
    proxy: `kanit, speaking Toxiproxy ${await parts.proxy.client.version()}`,
    market: describeMarket(options.market),
    tapeSpeed: options.tapeSpeed,
  };
}
