import { randomInt } from "node:crypto";
import type { AddressInfo } from "node:net";
import { ApiError } from "./api/api-error.ts";

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

/** A random port to try when any will do. */
export function anyPort(): number {
  return randomInt(FIRST_FREE_PORT, LAST_FREE_PORT + 1);
}

/**
 * Reads `host:port` (`[::1]:80`, `localhost:0`, `:8080` for every interface).
 *
 * @throws ApiError 400, naming the field.
 */
export function parseAddress(text: string, field: string): Address {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.%]+)\]|(?<name>[^:[\]\s]*)):(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.port);
  if (match === null || port > 65_535) {
    throw ApiError.badBody(
      `field "${field}": expected host:port such as 127.0.0.1:5432, got ${JSON.stringify(text)}`,
    );
  }
  return { host: match.groups?.v6 ?? match.groups?.name ?? "", port };
}

/** Writes an address as Toxiproxy does: the bound numeric address, IPv6 in brackets. */
export function formatAddress({ address, port }: Pick<AddressInfo, "address" | "port">): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
