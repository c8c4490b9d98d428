import { dirname } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { platformNameSchema } from "../definition/index.ts";
import { processLogPath } from "./process-names.ts";

it("keeps every log in the log folder, or returns no path", () => {
  const names = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("..", "../x", "a/../../b", "a\0", "spark"),
  );
  fc.assert(
    fc.property(names, (name) => {
      try {
        expect(dirname(processLogPath("/logs", name))).toBe("/logs");
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        expect(platformNameSchema.safeParse(name).success).toBe(false);
      }
    }),
  );
});
