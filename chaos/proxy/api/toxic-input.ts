import type { Stream } from "../decision.ts";
import type { ToxicAttribute, ToxicAttributes } from "../stage.ts";
import { Toxic } from "../toxic.ts";
import type { ToxicChange } from "../toxic-chain.ts";
import type { AttributeSpec, ChoiceSpec, TextSpec } from "../toxics/attribute-spec.ts";
import { TOXIC_TYPES } from "../toxics/registry.ts";
import type { ToxicType } from "../toxics/toxic-type.ts";
import { ApiError } from "./api-error.ts";
import type { InputNotes } from "./input-notes.ts";
import {
  type JsonObject,
  readLooseText,
  readNumber,
  readObject,
  readString,
  readTexts,
} from "./json-input.ts";

const FIELDS = ["name", "type", "stream", "toxicity", "attributes"];

/**
 * The toxic that a body of `POST /proxies/{proxy}/toxics` requests.
 *
 * @throws ApiError 400
 */
export function readToxic(value: unknown, notes: InputNotes): Toxic {
  const object = readObject(value, "the toxic", FIELDS, notes);
  const stream = readStream(readString(object, "stream", "downstream"));
  const typeName = readString(object, "type", "");
  const type = TOXIC_TYPES.get(typeName);
  if (type === undefined) throw ApiError.invalidToxicType(typeName, TOXIC_TYPES.keys());
  if (type.works !== "one-way" && stream === "upstream") {
    throw ApiError.badBody(`${type.type} has no stream: it applies to the whole connection; omit "stream"`);
  }
  const toxicity = readToxicity(object, type, 1);
  return new Toxic(type, {
    name: readString(object, "name", "") || `${type.type}_${stream}`,
    stream,
    toxicity,
    attributes: readAttributes(type, { value: object.attributes, current: {} }, notes),
  });
}

/**
 * The changes that a body of `PATCH …/toxics/{toxic}` requests; absent attributes stay unchanged.
 *
 * @throws ApiError 400
 */
export function readToxicChange(value: unknown, toxic: Toxic, notes: InputNotes): ToxicChange {
  const object = readObject(value, "the toxic", FIELDS, notes);
  return {
    toxicity: readToxicity(object, toxic.type, toxic.toxicity),
    attributes: readAttributes(toxic.type, { value: object.attributes, current: toxic.attributes }, notes),
  };
}

function readToxicity(object: JsonObject, type: ToxicType, fallback: number): number {
  const toxicity = readNumber(object, "toxicity", { fallback, whole: false });
  // A port is closed for every client or for none.
  if (type.works === "on-connect" && type.closesListener && toxicity < 1) {
    throw ApiError.badBody(
      `${type.type} applies to every connection, got a toxicity of ${toxicity}; use connect_reset`,
    );
  }
  return toxicity;
}

function readAttributes(
  type: ToxicType,
  { value, current }: { readonly value: unknown; readonly current: ToxicAttributes },
  notes: InputNotes,
): ToxicAttributes {
  const specs = Object.entries(type.attributes);
  const object = readObject(
    value ?? {},
    `attributes of ${type.type}`,
    specs.map(([name]) => name),
    notes,
  );
  return Object.fromEntries(
    specs.map(([name, spec]) => [name, readAttribute({ object, name, current: current[name] }, spec, notes)]),
  );
}

function readAttribute(
  field: { readonly object: JsonObject; readonly name: string; readonly current: ToxicAttribute | undefined },
  spec: AttributeSpec,
  notes: InputNotes,
): ToxicAttribute {
  const { object, name, current } = field;
  // A toxic's current attributes were built from the same specifications.
  if (spec.kind === "number") {
    const fallback = (current ?? spec.fallback) as typeof spec.fallback;
    return readNumber(object, name, { fallback, whole: spec.whole, min: spec.min, max: spec.max });
  }
  if (spec.kind === "texts") {
    const texts = readTexts(object, name, (current ?? spec.fallback) as typeof spec.fallback, notes);
    for (const [key, text] of Object.entries(texts))
      refuse(`${name}.${key}`, text, spec.complaint(key, text));
    return texts;
  }
  const text = readLooseText(object, name, (current ?? spec.fallback) as typeof spec.fallback, notes);
  refuse(name, text, complaintOf(spec, text));
  return text;
}

function complaintOf(spec: ChoiceSpec | TextSpec, text: string): string | undefined {
  if (spec.kind === "text") return spec.complaint(text);
  return spec.words.includes(text) ? undefined : `expected one of ${spec.words.join(", ")}`;
}

/** @throws ApiError 400 when there is a complaint. */
function refuse(field: string, text: string, complaint: string | undefined): void {
  if (complaint !== undefined)
    throw ApiError.badBody(`field "${field}": ${complaint}, got "${text.slice(0, 80)}"`);
}

function readStream(text: string): Stream {
  const stream = text.toLowerCase();
  if (stream !== "upstream" && stream !== "downstream") throw ApiError.invalidStream(text);
  return stream;
}
