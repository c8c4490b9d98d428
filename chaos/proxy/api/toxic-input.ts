import type { Stream } from "../decision.ts";
import type { ToxicAttributes } from "../stage.ts";
import { Toxic } from "../toxic.ts";
import type { ToxicChange } from "../toxic-chain.ts";
import { TOXIC_TYPES } from "../toxics/registry.ts";
import type { ToxicType } from "../toxics/toxic-type.ts";
import { ApiError } from "./api-error.ts";
import { readNumber, readObject, readString } from "./json-input.ts";

const FIELDS = ["name", "type", "stream", "toxicity", "attributes"];

/** The toxic that a body of `POST /proxies/{proxy}/toxics` asks for. @throws ApiError 400 */
export function readToxic(value: unknown): Toxic {
  const object = readObject(value, "the toxic", FIELDS);
  const stream = readStream(readString(object, "stream", "downstream"));
  const type = TOXIC_TYPES.get(readString(object, "type", ""));
  if (type === undefined) throw ApiError.invalidToxicType();
  return new Toxic(type, {
    name: readString(object, "name", "") || `${type.type}_${stream}`,
    stream,
    toxicity: readNumber(object, "toxicity", { fallback: 1, whole: false }),
    attributes: readAttributes(type, object.attributes, {}),
  });
}

/** What a body of `PATCH …/toxics/{toxic}` changes: attributes that it leaves out stay. @throws ApiError 400 */
export function readToxicChange(value: unknown, toxic: Toxic): ToxicChange {
  const object = readObject(value, "the toxic", FIELDS);
  return {
    toxicity: readNumber(object, "toxicity", { fallback: toxic.toxicity, whole: false }),
    attributes: readAttributes(toxic.type, object.attributes, toxic.attributes),
  };
}

function readAttributes(type: ToxicType, value: unknown, current: ToxicAttributes): ToxicAttributes {
  const names = Object.keys(type.attributes);
  const object = readObject(value ?? {}, `attributes of ${type.type}`, names);
  return Object.fromEntries(
    names.map((name) => [name, readNumber(object, name, { fallback: current[name] ?? 0, whole: true })]),
  );
}

function readStream(text: string): Stream {
  const stream = text.toLowerCase();
  if (stream !== "upstream" && stream !== "downstream") throw ApiError.invalidStream();
  return stream;
}
