import { z } from "zod";

/** An object of a record with exactly these fields, read-only. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).readonly();
}

/** A read-only list. */
export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).readonly();
}

export const verdict = z.enum(["pass", "fail", "inconclusive"]);

/** A measured number; null when nothing was measured. */
export const measured = z.number().nullable();
