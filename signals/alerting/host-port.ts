import { isIP } from "node:net";

/** Go's `net.SplitHostPort`: undefined where that returns an error, such as for an address without a port. */
function splitHostPort(address: string): { readonly host: string; readonly port: string } | undefined {
  const bracketed = /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(address);
  const [, host, port] = bracketed ?? /^([^:[\]]*):([^:[\]]*)$/.exec(address) ?? [];
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** The address without its port; unchanged when it has none. */
export function stripPort(address: string): string {
  return splitHostPort(address)?.host ?? address;
}

/** The host's first label, with the port: `web-1.example.com:80` becomes `web-1:80`; an IP address stays. */
export function stripDomain(address: string): string {
  const { host, port } = splitHostPort(address) ?? { host: address, port: "" };
  if (isIP(host) !== 0) return address;
  const first = host.split(".")[0] ?? "";
  if (port === "") return first;
  return first.includes(":") ? `[${first}]:${port}` : `${first}:${port}`;
}
