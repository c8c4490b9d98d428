import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { FAULT_KINDS } from "../../chaos/index.ts";
import { scenarioJsonSchema } from "./scenario-json-schema.ts";

type Node = z.core.JSONSchema.BaseSchema;

const schema = scenarioJsonSchema() as Node & { readonly properties: Record<string, Node> };

/** Every node of the schema. */
function nodesOf(node: unknown): readonly Node[] {
  if (typeof node !== "object" || node === null) return [];
  return [node as Node, ...Object.values(node).flatMap(nodesOf)];
}

describe("the JSON Schema of scenarios", () => {
  it("requires what a person has to write, and no more", () => {
    expect(schema.required).toEqual(["name", "hypothesis", "expectation"]);
    expect(schema.properties.expectation?.required).toEqual(["recoversWithinMs"]);
    expect(schema.additionalProperties).toBe(false);
  });

  it("knows every kind of fault, each with the links on which it can act", () => {
    const kinds = nodesOf(schema).flatMap((node) => {
      const kind = (node.properties?.kind as Node | undefined)?.const;
      return typeof kind === "string" ? [[kind, node] as const] : [];
    });
    expect(kinds.map(([kind]) => kind).toSorted()).toEqual(Object.keys(FAULT_KINDS).toSorted());
    const drop = kinds.find(([kind]) => kind === "ws-drop")?.[1];
    expect((drop?.properties?.link as Node | undefined)?.enum).toEqual([
      ...["api", "binance-ws", "btcturk-ws", "bist-ws"],
    ]);
  });

  it("describes each field that a person may write, with its default", () => {
    const { tags, load } = schema.properties;
    expect(tags).toMatchObject({ default: [], description: expect.stringContaining("kanit run --tag") });
    expect(load?.properties?.rateRps).toMatchObject({ default: 40, description: expect.any(String) });
  });

  it("has nothing that editors take for a field that is not to be written", () => {
    expect(nodesOf(schema).filter((node) => node.readOnly === true)).toEqual([]);
  });
});
