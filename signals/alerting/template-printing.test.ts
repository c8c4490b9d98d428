import { describe, expect, it } from "vitest";
import { printf } from "./template-printing.ts";
import type { TemplateValue } from "./template-values.ts";

const refuse = (what: string): never => {
  throw new Error(what);
};

/** The results of Go 1.26's `fmt.Sprintf`. */
const FORMATS: readonly (readonly [string, readonly TemplateValue[], string])[] = [
  ["%+.1f", [5], "+5.0"],
  ["%x %X", [255n, 255n], "ff FF"],
  ["%x|% x", ["hi", "hi"], "6869|68 69"],
  ["%c", [65n], "A"],
  ["%T %T %T", [5, 1n, "s"], "float64 int string"],
  ["%08.3f", [3.14149], "0003.141"],
  ["%+d|% d", [5n, 5n], "+5| 5"],
  ["%5t|", [true], " true|"],
  ["%q %U %b %o", [65n, 65n, 5n, 8n], "'A' U+0041 101 10"],
  ["%6.2f%%", [12.345], " 12.35%"],
  ["%G %E", [1e-7, 12345.678], "1E-07 1.234568E+04"],
  ["%s %d", [5, 5], "%!s(float64=5) %!d(float64=5)"],
  ["%-8s|%08d", ["ab", -5n], "ab      |-0000005"],
  ["%x", [-255n], "-ff"],
  ["%z", [5n], "%!z(int=5)"],
  ["%d", [], "%!d(MISSING)"],
  ["a", [1n, "b"], "a%!(EXTRA int=1, string=b)"],
  ["%.3s|%5s|", ["ğüşi", "ğ"], "ğüş|    ğ|"],
  ["%.2v %6v|", [1.234, 1n], "1.2      1|"],
  ["%c", [1.5], "%!c(float64=1.5)"],
  ["%05s %-05d|", ["ab", 5n], "000ab 5    |"],
  ["%+.2e %.0f", [12345.678, 2.5], "+1.23e+04 2"],
  ["%s %v %d %T", [null, null, null, null], "%!s(<nil>) <nil> %!d(<nil>) <nil>"],
  ["%08.2f|% .2f", [-1.5, 1.5], "-0001.50| 1.50"],
  ["%+f %f %08f| %f", [Infinity, Infinity, -Infinity, Number.NaN], "+Inf +Inf     -Inf| NaN"],
  ["%.3d", [5n], "005"],
  ["%q", ['a"\n'], '"a\\"\\n"'],
];

describe("printf", () => {
  for (const [format, args, expected] of FORMATS) {
    it(`prints ${expected} by ${format}, as Go does`, () => {
      expect(printf(format, args, refuse)).toBe(expected);
    });
  }

  it.each(["%#x", "%*d", "%[1]d", "%99999d"])("refuses %s, which is not supported", (format) => {
    expect(() => printf(format, [5n, 5n], refuse)).toThrow();
  });

  it("refuses the binary digits of a float", () => {
    expect(() => printf("%x", [1.5], refuse)).toThrow(/float in %x/);
  });
});
