import { describe, expect, it } from "vitest";
import { endsInCommit, splitStatements } from "./sql-text.ts";

describe("the last statement of a query", () => {
  it.each([
    "COMMIT",
    " commit work ;; ",
    "END TRANSACTION;",
    "COMMIT AND NO CHAIN",
    "UPDATE a SET b = 'x;y'; COMMIT -- done",
    "/* one /* two; */ */ COMMIT /* ; */",
    "SELECT $$;$$; END",
    "SELECT E'\\';'; END",
  ])("is a COMMIT in %j", (text) => {
    expect(endsInCommit(text)).toBe(true);
  });

  it.each([
    "",
    "ROLLBACK",
    "COMMIT PREPARED 'x'",
    "COMMIT AND CHAIN",
    "COMMIT; SELECT 1",
    "SELECT 'COMMIT'",
    "SELECT ';COMMIT'",
    "SELECT 1 -- ; COMMIT",
    "DO $a$ BEGIN; COMMIT $a$",
    'SELECT "; COMMIT"',
    "SELECT 1 /* ; COMMIT",
  ])("is none in %j", (text) => {
    expect(endsInCommit(text)).toBe(false);
  });

  it("is told from those before it", () => {
    expect(splitStatements("SELECT value'; ' ; SELECT 2; ")).toEqual(["SELECT value", "SELECT 2"]);
  });
});
