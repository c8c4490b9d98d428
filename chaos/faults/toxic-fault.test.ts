import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { strictNotes } from "../proxy/api/input-notes.ts";
import { readToxic } from "../proxy/api/toxic-input.ts";
import type { AttributeSpec } from "../proxy/toxics/attribute-spec.ts";
import type { ToxicType } from "../proxy/toxics/toxic-type.ts";
import type { FaultAttribute } from "./fault-statement.ts";
import { FAULT_KINDS, type FaultOf } from "./registry.ts";

/** Every kind of fault that is a toxic. */
const KINDS = Object.values(FAULT_KINDS).flatMap(({ kind, toxic, attributes, schema }) =>
  toxic === null ? [] : [{ kind, toxic, attributes, schema }],
);
/** A toxic accepts values that have no effect, as Toxiproxy does; the fault refuses them. */
const STRICTER: readonly string[] = ["slicer"];

/** Values that match the specification, that nearly match it, and others. */
function valuesOf(spec: AttributeSpec): fc.Arbitrary<unknown> {
  const other = fc.oneof(fc.string(), fc.double(), fc.constantFrom(-1, 0, 1, 0.5, 2 ** 53, "", true, []));
  if (spec.kind === "number") {
    const { min, max } = spec;
    return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, min - 1, max + 1), other);
  }
  if (spec.kind === "choice") return fc.oneof(fc.constantFrom(...spec.words), other);
  if (spec.kind === "text") {
    return fc.oneof(fc.constantFrom(spec.fallback, "57P01", "(", "^a+$", "a".repeat(124)), other);
  }
  const name = fc.constantFrom("Retry-After", "Content-Length", "no name", "");
  return fc.oneof(fc.dictionary(name, fc.oneof(fc.string(), fc.constant("a\r\nB: c"))), other);
}

/** Some of the attributes, each with a value. */
function givenOf(attributes: readonly FaultAttribute[]): fc.Arbitrary<ReadonlyMap<FaultAttribute, unknown>> {
  return fc
    .subarray([...attributes])
    .chain((some) => fc.tuple(...some.map(({ spec }) => valuesOf(spec))).map((values) => ({ some, values })))
    .map(({ some, values }) => new Map(some.map((attribute, index) => [attribute, values[index]])));
}

function takes(toxic: ToxicType, given: ReadonlyMap<FaultAttribute, unknown>): boolean {
  const attributes = Object.fromEntries([...given].map(([{ specName }, value]) => [specName, value]));
  try {
    readToxic({ type: toxic.type, attributes }, strictNotes());
    return true;
  } catch {
    return false;
  }
}

describe("a fault that is a toxic", () => {
  it.each(KINDS)(
    "$kind has every attribute of its toxic, a toxicity, and a stream where it works one way",
    (kind) => {
      const own = Object.keys(kind.toxic.attributes);
      const stream = kind.toxic.works === "one-way" ? ["stream"] : [];
      expect(kind.attributes.map(({ specName }) => specName)).toEqual([...own, ...stream, "toxicity"]);
      expect(new Set(kind.attributes.map(({ name }) => name)).size).toBe(kind.attributes.length);
    },
  );

  it.each(KINDS.filter(({ kind }) => !STRICTER.includes(kind)))(
    "$kind accepts the attributes that its toxic accepts, as long as the required ones are given",
    ({ kind, toxic, schema, ...stated }) => {
      const attributes = stated.attributes.filter(({ specName }) => specName in toxic.attributes);
      fc.assert(
        fc.property(givenOf(attributes), (given) => {
          const fault = {
            kind,
            link: "link",
            ...Object.fromEntries([...given].map(([{ name }, value]) => [name, value])),
          };
          const isComplete = attributes.every((attribute) => !attribute.isRequired || given.has(attribute));
          expect(schema.safeParse(fault).success).toBe(isComplete && takes(toxic, given));
        }),
      );
    },
  );

  it("has the types that the toxic's specification states, under the names that it derives", () => {
    expectTypeOf<FaultOf<"latency">>().toMatchObjectType<{
      readonly kind: "latency";
      readonly link: string;
      readonly stream: "upstream" | "downstream";
      readonly toxicity: number;
      readonly latencyMs: number;
      readonly jitterMs: number;
    }>();
    expectTypeOf<FaultOf<"pg-result-cut">["how"]>().toEqualTypeOf<"close" | "reset" | "hang">();
    expectTypeOf<FaultOf<"http-answer">["headers"]>().toEqualTypeOf<Readonly<Record<string, string>>>();
    expectTypeOf<keyof FaultOf<"freeze">>().toEqualTypeOf<"kind" | "link" | "toxicity">();
  });
});
