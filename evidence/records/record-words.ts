import { z } from "zod";
import { backpressureRecord } from "./backpressure-record.ts";
import { drillRecord } from "./drill-record.ts";
import { runRecord } from "./run-record.ts";

/** What a record is made of, besides what was measured. Without these words it could not be read back. */
interface RecordWords {
  /** The names of fields. */
  readonly names: ReadonlySet<string>;
  /** The texts that a field can only have: verdicts, kinds, versions. */
  readonly values: ReadonlySet<string>;
}

/** The words of the records, from their schemas. */
export const RECORD_WORDS: RecordWords = wordsOf([runRecord, drillRecord, backpressureRecord]);

function wordsOf(shapes: readonly z.ZodType[]): RecordWords {
  const names = new Set<string>();
  const values = new Set<string>();
  for (const shape of shapes) collect(z.toJSONSchema(shape), names, values);
  return { names, values };
}

function collect(schema: unknown, names: Set<string>, values: Set<string>): void {
  if (typeof schema !== "object" || schema === null) return;
  for (const [keyword, part] of Object.entries(schema)) {
    if (keyword === "properties") for (const name of Object.keys(part)) names.add(name);
    for (const value of keyword === "enum" ? part : keyword === "const" ? [part] : [])
      values.add(String(value));
    collect(part, names, values);
  }
}
