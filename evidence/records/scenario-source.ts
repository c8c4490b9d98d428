import { z } from "zod";
import { fields } from "./schema.ts";

export const scenarioSource = z.discriminatedUnion("kind", [
  fields({ kind: z.literal("catalog") }),
  /** The program that ran it, such as a test. */
  fields({ kind: z.literal("program") }),
  fields({
    kind: z.literal("file"),
    /** As it was named, relative to where kanit ran. */
    path: z.string(),
    /** Of the file when it was read. A module may import others, which have no part in it. */
    sha256: z.string(),
  }),
]);

/** Where a scenario comes from: kanit's own catalog, a file of the user's, or a program that runs kanit. */
export type ScenarioSource = z.infer<typeof scenarioSource>;
