import { parseAddress } from "../address.ts";
import type { Toxic } from "../toxic.ts";
import { ApiError } from "./api-error.ts";
import type { InputNotes } from "./input-notes.ts";
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
export function readLink(value: unknown, notes: InputNotes, position = ""): LinkInput {
  const object = readObject(value, "the proxy", FIELDS, notes);
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
    toxics: readToxics(object, notes),
  };
}

/**
 * The body of `/populate`, checked before anything is changed.
 *
 * @throws ApiError 400
 */
export function readLinks(value: unknown, notes: InputNotes): LinkInput[] {
  return readArray(value, "the proxies").map((item, index) =>
    readLink(item, notes, ` at proxy ${index + 1}`),
  );
}

/** @throws ApiError 400 */
export function readLinkUpdate(value: unknown, notes: InputNotes): LinkUpdate {
  const object = readObject(value, "the proxy", FIELDS, notes);
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

function readToxics(object: JsonObject, notes: InputNotes): Toxic[] {
  const toxics = readArray(object.toxics ?? [], 'field "toxics"').map((item) => readToxic(item, notes));
  const names = new Set<string>();
  for (const { name } of toxics) {
    if (names.has(name)) throw ApiError.toxicAlreadyExists(name);
    names.add(name);
  }
  return toxics;
}
