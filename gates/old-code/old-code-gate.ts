import type { Gate } from "../engine/gate.ts";
import { oldCodeTrades } from "./old-code-trades.ts";

/** Does the version to which a rollback leads work with the schema that it will find? */
export const OLD_CODE: Gate = {
  name: "old-code",
  title: "Old code on the new schema",
  question: "Would the version before still work, once the database is migrated?",
  checks: [oldCodeTrades],
  summaryFile: "old_code_gate_{release}.txt",
  limitMs: 100_000,
};
