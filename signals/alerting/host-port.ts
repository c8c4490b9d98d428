import { isIP } from "node:net";

/** Go's `net.SplitHostPort`: undefined where it returns an error, as for an address without a port. */
function splitHostPort(address: string): { readonly host: string; readonly port: string } | undefined {
  const bracketed = /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(address);
  const [, host, port] = bracketed ?? /^([^:[\]]*):([^:[\]]*)$/.exec(address) ?? [];
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** The address without its port; as it stands where it has none. */
export function stripPort(address: string): string {
  return splitHostPort(address)?.host ?? address;
}

/** The host's first name, with the port: `web-1.example.com:80` becomes `web-1:80`; an IP address stays. */
export function stripDomain(address: string): string {
  const { host, port } = splitHostPort(address) ?? { host: address, port: "" };
  if (isIP(host) !== 0) return address;
  const first = host.split(".")[0] ?? "";
  if (port === "") return first;
  return first.includes(":") ? `[${first}]:${port}` : `${first}:${port}`;
}
