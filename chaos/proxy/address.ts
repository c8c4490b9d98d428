import { randomInt } from "node:crypto";
import type { AddressInfo } from "node:net";
import { ApiError } from "./api/api-error.ts";
import { servicePort } from "./service-ports.ts";

/** A host and a port, as in `host:port`. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Ports for `:0` are chosen below the range that Linux uses for outgoing connections (32768 and up). So no
 * connection can take a disabled proxy's port meanwhile, and a client that keeps trying a closed port
 * cannot be connected to itself.
 */
const FIRST_FREE_PORT = 20_000;
const LAST_FREE_PORT = 32_767;
const MAX_PORT = 65_535;
/** The length to which an error quotes an address. */
const MAX_QUOTED_LENGTH = 80;

/** A random port to try when any will do. */
export function anyPort(): number {
  return randomInt(FIRST_FREE_PORT, LAST_FREE_PORT + 1);
}

/**
 * Reads `host:port` (`[::1]:80`, `localhost:0`, `:8080` for every interface). As in Go, the port may be the name of a
 * service (`localhost:http`), and none at all (`localhost:`) is port 0.
 *
 * @throws ApiError 400, naming the field.
 */
export function parseAddress(text: string, field: string): Address {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.%]+)\]|(?<name>[^:[\]\s]*)):(?<port>[A-Za-z0-9-]{0,40})$/.exec(text);
  const port = portOf(match?.groups?.port);
  if (match === null || port === undefined) {
    const shown = JSON.stringify(text.slice(0, MAX_QUOTED_LENGTH));
    throw ApiError.badBody(`field "${field}": expected host:port such as 127.0.0.1:5432, got ${shown}`);
  }
  return { host: match.groups?.v6 ?? match.groups?.name ?? "", port };
}

/** Whether the text has a port, as a number or the name of a service. */
export function hasPort(text: string): boolean {
  return /:[A-Za-z0-9-]*$/.test(text);
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d*$/.test(text)) return servicePort(text);
  return Number(text) <= MAX_PORT ? Number(text) : undefined;
}

/** Writes an address as Toxiproxy does: the bound numeric address, IPv6 in brackets. */
export function formatAddress({ address, port }: Pick<AddressInfo, "address" | "port">): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
