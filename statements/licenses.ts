import { z } from "zod";

const licenseShape = z.union([
  z.object({ license: z.object({ id: z.string() }).or(z.object({ name: z.string() })) }),
  z.object({ expression: z.string() }),
]);
const bomShape = z.object({
  components: z
    .array(
      z.object({
        group: z.string().optional(),
        name: z.string(),
        version: z.string().optional(),
        licenses: z.array(licenseShape).optional(),
      }),
    )
    .default([]),
});

const listedShape = z.looseObject({ components: bomShape.shape.components.unwrap().min(1) });

/** Licenses that ask for no more than a notice. */
export const USUAL_LICENSES: readonly string[] = [
  ...[
    "0BSD",
    "Apache-2.0",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
  ],
  ...["PostgreSQL", "Python-2.0", "Unlicense", "WTFPL", "Zlib"],
];

/** A package whose license is not allowed, or is another than in the release before. */
export interface LicenseFinding {
  readonly package: string;
  readonly license: string;
  /** In the release before; null when the package was not in it, or none was given. */
  readonly before: string | null;
  readonly isAllowed: boolean;
}

/**
 * What is compared as the bill of materials of a release. One that lists no component compares nothing.
 *
 * @throws z.ZodError for anything else.
 */
export function billOfMaterials(data: unknown): unknown {
  return listedShape.parse(data);
}

/**
 * Compares the licenses in a bill of materials with those that are allowed, and with those of the release before. A
 * package without a license is not allowed: nobody may use it.
 *
 * @throws z.ZodError for what is no bill of materials.
 */
export function licenseFindings(
  bom: unknown,
  before: unknown,
  allowed: readonly string[],
): readonly LicenseFinding[] {
  const now = licensesIn(bom);
  const earlier = before === null ? null : licensesIn(before);
  return [...now].flatMap(([name, license]) => {
    const old = earlier?.get(name) ?? null;
    const isAllowed = allows(license, new Set(allowed));
    if (isAllowed && (old === null || old === license)) return [];
    return [{ package: name, license, before: old, isAllowed }];
  });
}

/** By name without version: an update that changes the license is what drifts. */
function licensesIn(bom: unknown): ReadonlyMap<string, string> {
  const { components } = bomShape.parse(bom);
  return new Map(
    components.map(({ group, name, licenses = [] }) => [
      group === undefined ? name : `${group}/${name}`,
      licenses.map(textOf).join(" AND ") || "none",
    ]),
  );
}

function textOf(license: z.infer<typeof licenseShape>): string {
  if ("expression" in license) return `(${license.expression})`;
  return "id" in license.license ? license.license.id : license.license.name;
}

/** Whether an SPDX expression can be kept with licenses that are allowed: one of `OR`, all of `AND`. */
function allows(expression: string, allowed: ReadonlySet<string>): boolean {
  const words = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const any = (): boolean => {
    let holds = all();
    while (words[at] === "OR") {
      at += 1;
      holds = all() || holds;
    }
    return holds;
  };
  const all = (): boolean => {
    let holds = one();
    while (words[at] === "AND") {
      at += 1;
      holds = one() && holds;
    }
    return holds;
  };
  const one = (): boolean => {
    const word = words[at] ?? "";
    at += 1;
    if (word !== "(") return allowed.has(word);
    const holds = any();
    at += 1;
    return holds;
  };
  const holds = any();
  // What is no expression, such as a license's whole name, is not known to be allowed.
  return holds && at === words.length;
}
