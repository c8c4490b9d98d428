import type { z } from "zod";
import { UsageError } from "../../core/index.ts";
import type { FaultAttribute } from "./fault-kind.ts";
import { FAULT_KINDS, type Fault } from "./registry.ts";

type AnyKind = (typeof FAULT_KINDS)[Fault["kind"]];

const KINDS: readonly AnyKind[] = Object.values(FAULT_KINDS);
/** What faults that are toxics have as well, as far as their schema says so. */
const COMMON: readonly FaultAttribute[] = [
  { name: "stream", takes: "text", summary: "upstream or downstream" },
  { name: "toxicity", takes: "number", summary: "share of connections, 0 to 1" },
];

/**
 * Reads a fault as the command line gives it: `postgres latency latency=300 jitter=20`. Kinds and attributes may be
 * given by our names or by Toxiproxy's.
 *
 * @throws UsageError naming what is known.
 */
export function parseFault(link: string, kindName: string, pairs: readonly string[]): Fault {
  const kind = findKind(kindName);
  const known = knownOf(kind);
  const values = new Map<string, AttributeValue>();
  for (const pair of pairs) {
    const [name, value] = readPair(pair, kind, known);
    if (values.has(name))
      throw usage("repeated-attribute", `Expected ${name} once, got it again in "${pair}".`, kind, known);
    values.set(name, value);
  }
  return check({ kind: kind.kind, link, ...Object.fromEntries(values) }, kind, known);
}

/**
 * Completes loose data, of a file or a scenario, to a fault: defaults filled in, unknown fields refused.
 *
 * @throws UsageError naming what does not fit.
 */
export function completeFault(data: { readonly kind: string }): Fault {
  const kind = findKind(data.kind);
  return check(data, kind, knownOf(kind));
}

function knownOf(kind: AnyKind): readonly FaultAttribute[] {
  return [...kind.attributes, ...COMMON.filter(({ name }) => name in kind.schema.shape)];
}

function findKind(name: string): AnyKind {
  const found = KINDS.find(({ kind, toxicType }) => kind === name || toxicType === name);
  if (found !== undefined) return found;
  const names = KINDS.map(({ kind, toxicType }) =>
    toxicType === undefined || toxicType === kind ? kind : `${kind} (${toxicType})`,
  );
  throw new UsageError({
    code: "unknown-fault",
    message: `Expected a kind of fault, got ${JSON.stringify(name)}.`,
    nextStep: `Known are ${names.join(", ")}.`,
  });
}

type AttributeValue = string | number | Readonly<Record<string, string>>;

function readPair(pair: string, kind: AnyKind, known: readonly FaultAttribute[]): [string, AttributeValue] {
  // A text may have a = in it: the first one parts it from its name.
  const [, key = "", value = ""] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
  if (value === "") {
    throw usage("bad-attribute", `Expected key=value, got ${JSON.stringify(pair)}.`, kind, known);
  }
  const attribute = known.find(({ name, toxicName }) => name === key || toxicName === key);
  if (attribute === undefined) {
    throw usage(
      "unknown-attribute",
      `Expected an attribute of ${kind.kind}, got ${JSON.stringify(key)}.`,
      kind,
      known,
    );
  }
  if (attribute.takes === "text") return [attribute.name, value];
  if (attribute.takes === "headers") return [attribute.name, readHeaders(value, kind, known)];
  const number = Number(value);
  if (!Number.isFinite(number)) {
    throw usage("bad-attribute", `Expected a number for ${key}, got ${JSON.stringify(value)}.`, kind, known);
  }
  return [attribute.name, number];
}

function readHeaders(
  text: string,
  kind: AnyKind,
  known: readonly FaultAttribute[],
): Readonly<Record<string, string>> {
  const headers = text.split(";").map((header) => {
    const [, name, value = ""] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/s.exec(header) ?? [];
    if (name !== undefined) return [name, value];
    throw usage(
      "bad-attribute",
      `Expected headers as "Name: value; …", got ${JSON.stringify(header)}.`,
      kind,
      known,
    );
  });
  return Object.fromEntries(headers);
}

function check(data: unknown, kind: AnyKind, known: readonly FaultAttribute[]): Fault {
  const result = kind.schema.safeParse(data);
  if (result.success) return result.data;
  throw usage(
    "bad-attribute",
    `Expected a complete ${kind.kind}, got: ${oneLine(result.error)}.`,
    kind,
    known,
  );
}

function oneLine(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || "fault"}: ${message}`).join("; ");
}

function usage(code: string, message: string, kind: AnyKind, known: readonly FaultAttribute[]): UsageError {
  const list = known.map(({ name, toxicName, summary }) => {
    const alias = toxicName === undefined || toxicName === name ? "" : ` or ${toxicName}`;
    return `${name}${alias} (${summary})`;
  });
  const nextStep = known.length === 0 ? `${kind.kind} takes no attributes.` : `Known are ${list.join(", ")}.`;
  return new UsageError({ code, message, nextStep });
}
