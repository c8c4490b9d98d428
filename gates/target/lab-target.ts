import type { PlatformDefinition } from "../../definition/index.ts";
import type { LabAddresses, LabCanary } from "../../lab/index.ts";
import { pathOn } from "../../network/index.ts";
import { NO_PARTS, type Target } from "../engine/target.ts";
import type { OldCodePart } from "../old-code/old-code-part.ts";
import { labCanaryPart } from "./lab-canary-part.ts";
import { labKillSwitchPart } from "./lab-kill-switch-part.ts";
import { LAB_JOBS } from "./lab-monitor.ts";

/** Where venues answer with their time, by the link to them. */
const TIME_PATHS = { "binance-rest": "/api/v3/time", "btcturk-rest": "/api/v2/server/time" };
/** Where venues list their symbols. */
const MARKET_PATHS = {
  "binance-rest": "/api/v3/exchangeInfo",
  "btcturk-rest": "/api/v2/server/exchangeinfo",
};

/** The paths of their public feeds. */
const STREAM_PATHS = { "binance-ws": "", "btcturk-ws": "" };

/** What Spark's flags are by default; another platform's are in `release.yml`. */
const FEATURES = { path: "/api/features/status", defaults: { "execution.enabled": true } };

/** A lab to be examined, and what the lab itself does not know. */
export interface LabUnderGate {
  readonly release: string;
  readonly id: string;
  readonly addresses: LabAddresses;
  /** Null where no candidate stands beside the platform. */
  readonly canary: LabCanary | null;
  /** Restarts a process of the lab; resolves when it listens again. */
  readonly restart: (process: string) => Promise<void>;
  readonly platform: PlatformDefinition;
  /** The monitor's address. */
  readonly monitorUrl: string;
  /** Null where there is none. */
  readonly repository: string | null;
  readonly deployer: string;
  /** The folder of its processes' logs. */
  readonly logDirectory: string;
}

/** The target that a lab is: a rehearsal of the release on this machine. */
export function labTarget(lab: LabUnderGate): Target {
  const {
    release,
    id,
    addresses,
    canary,
    restart,
    platform,
    monitorUrl,
    repository,
    deployer,
    logDirectory,
  } = lab;
  const url = new URL(addresses.platform);
  // How other platforms keep and scope their switches is not known here.
  const hasScopes = platform.name === "spark";
  return {
    release,
    name: `lab ${id} (${platform.name})`,
    kind: "lab",
    deployer,
    keyPaths: [],
    allowedHosts: [],
    parts: {
      ...NO_PARTS,
      url,
      metrics: new URL(addresses.metrics),
      health: pathOn(url, platform.health),
      database: addresses.databaseUrl,
      pgbouncer: { console: addresses.poolerAdminUrl, poolMode: "transaction" },
      prometheus: { url: monitorUrl, targets: LAB_JOBS, rules: null },
      alertmanager: monitorUrl,
      migrations: platform.migrations,
      repository: repository === null ? null : { directory: repository, tag: "not-needed" },
      features: { url: pathOn(url, FEATURES.path), defaults: FEATURES.defaults },
      venueClocks: venueAddresses(addresses, TIME_PATHS),
      lab: addresses,
      canary: canary === null ? null : labCanaryPart(canary, platform.health),
      killSwitch: canary !== null && hasScopes ? labKillSwitchPart(canary, addresses, restart) : null,
      // A driver belongs to the command that started the lab.
      oldCode:
        canary !== null && platform.api.driver === null ? labOldCodePart(canary, platform, restart) : null,
      venueStreams: venueAddresses(addresses, STREAM_PATHS, "ws"),
      logs: [logDirectory],
      venueMarkets: venueAddresses(addresses, MARKET_PATHS),
    },
  };
}

function labOldCodePart(
  { stable }: LabCanary,
  definition: PlatformDefinition,
  restart: LabUnderGate["restart"],
): OldCodePart | null {
  const [url] = stable.urls;
  return url === undefined ? null : { url: new URL(url), definition, restart: () => restart(stable.process) };
}

/** By venue: an address at it, through its link. */
function venueAddresses(
  { links }: LabAddresses,
  paths: Readonly<Record<string, string | undefined>>,
  scheme: "http" | "ws" = "http",
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(links).flatMap(([link, address]) => {
      const path = paths[link];
      return path === undefined ? [] : [[link.replace(/-(?:rest|ws)$/, ""), `${scheme}://${address}${path}`]];
    }),
  );
}
