import { z } from "zod";
import { parseUnits, type Units } from "../market/units.ts";

/** For misbehaviors without options. */
export const NO_OPTIONS = z.strictObject({});

/** An option in milliseconds. */
export function milliseconds(byDefault: number, description: string) {
  return z.number().min(0).max(600_000).default(byDefault).describe(description);
}

/** An option that is a count. */
export function count(byDefault: number, description: string) {
  return z.int().min(1).max(1_000_000).default(byDefault).describe(description);
}

/** An option that is a positive decimal, exact whether it is sent as text or as a number. */
export function decimal(byDefault: string, description: string) {
  return z
    .union([z.string(), z.number()])
    .default(byDefault)
    .describe(description)
    .transform((value, context): Units => {
      const text = String(value);
      if (/^\d{1,12}(\.\d{1,8})?$/.test(text) && Number(text) > 0) return parseUnits(text);
      context.addIssue({ code: "custom", message: `expected a decimal above 0, got ${text}` });
      return z.NEVER;
    });
}
