import type { z } from "zod";
import { describeMistakes, parseData, UsageError } from "../../core/index.ts";
import { namesOf } from "./fault-kind.ts";
import { FAULT_KINDS, type Fault } from "./registry.ts";

type AnyKind = (typeof FAULT_KINDS)[Fault["kind"]];

const KINDS: readonly AnyKind[] = Object.values(FAULT_KINDS);

/**
 * Parses a fault of the command line: `postgres latency latency=300 jitter=20`. Kinds and attributes may have
 * kanit's names or Toxiproxy's.
 *
 * @throws UsageError naming the valid names.
 */
export function parseFault(link: string, kindName: string, pairs: readonly string[]): Fault {
  const kind = findKind(kindName);
  const values = new Map<string, AttributeValue>();
  for (const pair of pairs) {
    const [name, value] = readPair(pair, kind);
    if (values.has(name))
      throw usage("repeated-attribute", `Expected ${name} once, got it again in "${pair}".`, kind);
    values.set(name, value);
  }
  const place = kind.isOnLink ? { link } : {};
  return check({ kind: kind.kind, ...place, ...Object.fromEntries(values) }, kind);
}

/**
 * Checks a fault from a file or a scenario and adds its defaults; unknown fields are refused.
 *
 * @throws UsageError naming the invalid fields.
 */
export function completeFault(data: { readonly kind: string }): Fault {
  const kind = findKind(data.kind);
  return check(data, kind);
}

function findKind(name: string): AnyKind {
  const found = KINDS.find(({ kind, toxic }) => kind === name || toxic?.type === name);
  if (found !== undefined) return found;
  const names = KINDS.map(({ kind, toxic }) =>
    toxic === null || toxic.type === kind ? kind : `${kind} (${toxic.type})`,
  );
  throw new UsageError({
    code: "unknown-fault",
    message: `Expected a kind of fault, got ${JSON.stringify(name)}.`,
    nextStep: `Known are ${names.join(", ")}.`,
  });
}

type AttributeValue = string | number | Readonly<Record<string, string>>;

function readPair(pair: string, kind: AnyKind): [string, AttributeValue] {
  // A value may contain =, so the first = separates name and value.
  const [, key = "", value = ""] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
  if (value === "") {
    throw usage("bad-attribute", `Expected key=value, got ${JSON.stringify(pair)}.`, kind);
  }
  const attribute = kind.attributes.find((known) => namesOf(kind, known).includes(key));
  if (attribute === undefined) {
    throw usage(
      "unknown-attribute",
      `Expected an attribute of ${kind.kind}, got ${JSON.stringify(key)}.`,
      kind,
    );
  }
  if (attribute.spec.kind === "texts") return [attribute.name, readHeaders(value, kind)];
  if (attribute.spec.kind !== "number") return [attribute.name, value];
  const number = Number(value);
  if (!Number.isFinite(number)) {
    throw usage("bad-attribute", `Expected a number for ${key}, got ${JSON.stringify(value)}.`, kind);
  }
  return [attribute.name, number];
}

function readHeaders(text: string, kind: AnyKind): Readonly<Record<string, string>> {
  const headers = text.split(";").map((header) => {
    const [, name, value = ""] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/s.exec(header) ?? [];
    if (name !== undefined) return [name, value];
    throw usage(
      "bad-attribute",
      `Expected headers as "Name: value; …", got ${JSON.stringify(header)}.`,
      kind,
    );
  });
  return Object.fromEntries(headers);
}

function check(data: unknown, kind: AnyKind): Fault {
  // Each kind has a schema of its own faults, of which the union is the type of a fault.
  const parsed = parseData(kind.schema as z.ZodType<Fault>, data);
  if (parsed.kind === "fits") return parsed.value;
  throw usage(
    "bad-attribute",
    `Expected a complete ${kind.kind}, got: ${describeMistakes(parsed.mistakes)}`,
    kind,
  );
}

function usage(code: string, message: string, kind: AnyKind): UsageError {
  const list = kind.attributes.map(
    (attribute) => `${namesOf(kind, attribute).join(" or ")} (${attribute.spec.summary})`,
  );
  const nextStep = list.length === 0 ? `${kind.kind} takes no attributes.` : `Known are ${list.join(", ")}.`;
  return new UsageError({ code, message, nextStep });
}
