import { parseAddress } from "../address.ts";
import type { Toxic } from "../toxic.ts";
import { ApiError } from "./api-error.ts";
import { type JsonObject, readArray, readBoolean, readObject, readString } from "./json-input.ts";
import { readToxic } from "./toxic-input.ts";

/** The complete options of a proxy, from a body of `POST /proxies` or `POST /populate`. */
export interface LinkInput {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly Toxic[];
}

/** The changes that a body of `PATCH /proxies/{name}` requests. */
export type LinkUpdate = Partial<Pick<LinkInput, "listen" | "upstream" | "enabled">>;

/** `Logger` is in Toxiproxy 2.12's own answers, so a client may send it back. */
const FIELDS = ["name", "listen", "upstream", "enabled", "toxics", "Logger"];

/** @throws ApiError 400 */
export function readLink(value: unknown, position = ""): LinkInput {
  const object = readObject(value, "the proxy", FIELDS);
  const name = readString(object, "name", "");
  if (name === "") throw ApiError.missingField(`name${position}`);
  const upstream = readString(object, "upstream", "");
  if (upstream === "") throw ApiError.missingField(`upstream${position}`);
  parseAddress(upstream, "upstream");
  return {
    name,
    upstream,
    listen: readString(object, "listen", "") || "127.0.0.1:0",
    enabled: readBoolean(object, "enabled", true),
    toxics: readToxics(object),
  };
}

/**
 * The body of `/populate`, checked before anything is changed.
 *
 * @throws ApiError 400
 */
export function readLinks(value: unknown): LinkInput[] {
  return readArray(value, "the proxies").map((item, index) => readLink(item, ` at proxy ${index + 1}`));
}

/** @throws ApiError 400 */
export function readLinkUpdate(value: unknown): LinkUpdate {
  const object = readObject(value, "the proxy", FIELDS);
  const upstream = readString(object, "upstream", "");
  if (upstream !== "") parseAddress(upstream, "upstream");
  const listen = readString(object, "listen", "");
  if (listen !== "") parseAddress(listen, "listen");
  return {
    ...(upstream === "" ? {} : { upstream }),
    ...(listen === "" ? {} : { listen }),
    ...(object.enabled === undefined ? {} : { enabled: readBoolean(object, "enabled", true) }),
  };
}

function readToxics(object: JsonObject): Toxic[] {
  const toxics = readArray(object.toxics ?? [], 'field "toxics"').map(readToxic);
  const names = new Set(toxics.map((toxic) => toxic.name));
  if (names.size < toxics.length) throw ApiError.toxicAlreadyExists();
  return toxics;
}
