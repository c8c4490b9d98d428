import type { ReleaseDefinition } from "../../definition/index.ts";
import { allowedUrl, pathOn, withoutCredentials, withTls } from "../../network/index.ts";
import { NO_PARTS, type Target } from "../engine/target.ts";

const HTTP = ["http:", "https:"];
const POSTGRES = ["postgresql:", "postgres:"];

/**
 * The target that a release definition describes.
 *
 * @throws UsageError `bad-url`, `bad-path`; RefusedError `host-not-allowed` for a host that the file does not allow.
 */
export function releaseTarget(release: string, definition: ReleaseDefinition, user: string): Target {
  const { allowHosts, pgbouncer, prometheus, features, tls } = definition;
  const webAddress = (address: string) => allowedUrl(address, HTTP, allowHosts);
  const databaseAddress = (address: string) => {
    const allowed = allowedUrl(address, POSTGRES, allowHosts);
    return tls === null ? allowed : withTls(allowed, tls);
  };
  const url = new URL(webAddress(definition.url));
  const { database, alertmanager } = definition;
  return {
    release,
    name: withoutCredentials(url.origin),
    kind: "release-file",
    deployer: definition.deployer ?? user,
    keyPaths: definition.keys === null ? [] : [definition.keys],
    allowedHosts: allowHosts,
    parts: {
      ...NO_PARTS,
      url,
      metrics: pathOn(url, definition.metrics),
      health: pathOn(url, definition.health),
      database: database === null ? null : databaseAddress(database),
      pgbouncer: pgbouncer === null ? null : { ...pgbouncer, console: databaseAddress(pgbouncer.console) },
      prometheus: prometheus === null ? null : { ...prometheus, url: webAddress(prometheus.url) },
      alertmanager: alertmanager === null ? null : webAddress(alertmanager),
      migrations: definition.migrations,
      repository: { directory: definition.repository, tag: "required" },
      features: features === null ? null : { url: pathOn(url, features.path), defaults: features.defaults },
      venueClocks: addresses(definition.venueClocks, webAddress),
      venueMarkets: addresses(definition.venueMarkets, webAddress),
      venueStreams: addresses(definition.venueStreams, (address) =>
        allowedUrl(address, ["ws:", "wss:"], allowHosts),
      ),
      logs: definition.logs.length === 0 ? null : definition.logs,
    },
  };
}

/** Null where the file names no venue. */
function addresses(
  venues: Readonly<Record<string, string>>,
  checked: (address: string) => string,
): Readonly<Record<string, string>> | null {
  const entries = Object.entries(venues).map(([venue, address]) => [venue, checked(address)]);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
