import { describe, expect, it } from "vitest";
import { Labels } from "../labels.ts";
import { parseTemplate } from "./template.ts";

const fill = (text: string) =>
  parseTemplate(text).fill({
    ...{ labels: Labels.of({ job: "a" }), value: 1, query: () => [], atMs: 0 },
    external: { labels: {}, url: "" },
  });
const repeated = (times: number, text: (index: number) => string) =>
  Array.from({ length: times }, (_, index) => text(index)).join("");
/** Each template calls the next one twice: in all, two to the power of their number. */
const DOUBLING_CALLS = `${repeated(
  40,
  (index) => `{{ define "t${index}" }}{{ template "t${index + 1}" }}{{ template "t${index + 1}" }}{{ end }}`,
)}{{ define "t40" }}{{ end }}{{ template "t0" }}`;

describe("a template that grows without end", () => {
  it.each([
    [
      "a value that replaces itself by itself twice",
      repeated(40, () => '{{ $x = reReplaceAll "(.+)" "$1$1" $x }}'),
    ],
    ["a value that is printed twice", repeated(40, () => "{{ $x = print $x $x }}")],
    [
      "a replacement in each place",
      `{{ $x = reReplaceAll "" "${"y".repeat(3_000)}" $labels.job | reReplaceAll "" "${"y".repeat(3_000)}" }}`,
    ],
  ])("is refused at once: %s", (_, growing) => {
    expect(() => fill(`{{ $x := "ab" }}${growing}`)).toThrow(
      expect.objectContaining({ code: "bad-template" }),
    );
  });

  it("is refused when its parts call each other", () => {
    expect(() => fill(DOUBLING_CALLS)).toThrow(/more than 1000000 parts/);
  });

  it("is refused when its text is longer than any alert", () => {
    const long = `{{ $x := "${"y".repeat(60_000)}" }}{{ range $i := 100 }}{{ $x }}{{ end }}`;
    expect(() => fill(long)).toThrow(/a text of more than 1048576 characters/);
  });

  it("is not, when it is merely long", () => {
    expect(fill(`{{ range $i := 1000 }}{{ printf "%10d" $i }}{{ end }}`)).toHaveLength(10_000);
  });
});
