import { expect, it } from "vitest";
import { Table } from "./table.ts";

function ahead(
  better: "more" | "less",
  ours: readonly number[],
  theirs: readonly number[],
): string | undefined {
  const table = new Table();
  const figure = { name: "figure", unit: "MB/s", better };
  for (const value of ours) table.add("ours", [{ ...figure, value }]);
  for (const value of theirs) table.add("theirs", [{ ...figure, value }]);
  const lines = table.lines(["theirs", "ours"], { ours: "ours", theirs: "theirs" });
  return lines[1]?.split(/\s+/).at(-1);
}

it("compares medians, so that one bad round decides nothing", () => {
  expect(ahead("more", [200, 200, 1], [100, 100, 900])).toBe("2.00x");
  expect(ahead("more", [100, 300], [100, 100])).toBe("2.00x");
});

it("prints a ratio above 1 when ours is better, whether more or less of the figure is better", () => {
  expect(ahead("less", [50], [100])).toBe("2.00x");
  expect(ahead("less", [100], [50])).toBe("0.50x");
});

it("prints no ratio when one of the two was not measured", () => {
  const table = new Table();
  table.add("ours", [{ name: "memory", unit: "MB", better: "less", value: 12.34 }]);
  const [, line = ""] = table.lines(["theirs", "ours"], { ours: "ours", theirs: "theirs" });
  expect(line.trim()).toMatch(/^memory \(MB\)\s+–\s+12\.3 \/ 12\.3 \/ 12\.3$/);
});
