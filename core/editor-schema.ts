import { z } from "zod";

/** The schema of a file that people write, for editors, as JSON Schema (draft 7, which those for YAML read). */
export function editorSchema(schema: z.ZodType, title: string, id: string): unknown {
  const json = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    // It says that a program must not change what it reads, and editors take it for a field that is not to be written.
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
      // A format of zod's own, beside the pattern that says the same.
      if (jsonSchema.format === "starts_with") delete jsonSchema.format;
    },
  });
  return { ...json, title, $id: id };
}
