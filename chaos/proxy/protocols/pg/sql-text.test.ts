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
    "SELECT 'never closed; COMMIT",
    "SELECT $a$ never closed; COMMIT",
  ])("is not one in %j", (text) => {
    expect(endsInCommit(text)).toBe(false);
  });

  it("is found in a long query of unclosed texts", () => {
    const tags = Array.from({ length: 10_000 }, (_, index) => `$a${index}$ `).join("");
    expect(splitStatements(tags)).toEqual([]);
    expect(endsInCommit(`SELECT a$b$c; COMMIT`)).toBe(true);
  });

  it("is distinguished from those before it", () => {
    expect(splitStatements("SELECT value'; ' ; SELECT 2; ")).toEqual(["SELECT value", "SELECT 2"]);
  });
});
