import { readFileSync } from "node:fs";

/** Where Unix systems list the services: `http  80/tcp  www`. */
const SERVICES_FILE = "/etc/services";
/** The names that Go's resolver knows on a system without that file. */
const WELL_KNOWN: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ ftp: 21, ftps: 990, gopher: 70, http: 80, https: 443, imap2: 143, imap3: 220, imaps: 993 },
    ...{ pop3: 110, pop3s: 995, smtp: 25, ssh: 22, submissions: 465, telnet: 23, domain: 53 },
  }),
);

let ports: ReadonlyMap<string, number> | undefined;

/**
 * Returns the TCP port of a named service such as `http` or `postgresql`, or undefined for an unknown name. Upper and
 * lower case are the same.
 */
export function servicePort(name: string): number | undefined {
  ports ??= new Map([...WELL_KNOWN, ...parseServices(readServices())]);
  return ports.get(name.toLowerCase());
}

/** The TCP services of a file in the form of `/etc/services`, aliases included. The first entry of a name holds. */
export function parseServices(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [name, portAndProtocol = "", ...aliases] = (line.split("#")[0] ?? "").trim().split(/\s+/);
    const port = Number(/^(\d{1,5})\/tcp$/.exec(portAndProtocol)?.[1]);
    if (name === undefined || !(port >= 1 && port <= 65_535)) continue;
    for (const each of [name, ...aliases]) {
      if (!found.has(each.toLowerCase())) found.set(each.toLowerCase(), port);
    }
  }
  return found;
}

function readServices(): string {
  try {
    return readFileSync(SERVICES_FILE, "utf8");
  } catch {
    // A small container has no such file; the well-known names remain.
    return "";
  }
}
