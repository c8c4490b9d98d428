import { z } from "zod";

/** Where the bill of materials notes the digests of what it was made from. */
const DIGEST = /^kanit:sha256:(.+)$/;

const lockShape = z.object({
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().optional(),
      dev: z.boolean().optional(),
      link: z.boolean().optional(),
    }),
  ),
});

interface BillComponent {
  readonly group?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  readonly components?: readonly BillComponent[] | undefined;
}
const component: z.ZodType<BillComponent> = z.object({
  group: z.string().optional(),
  name: z.string(),
  version: z.string().optional(),
  get components() {
    return z.array(component).optional();
  },
});
const billShape = z.object({
  bomFormat: z.literal("CycloneDX"),
  metadata: z.object({
    properties: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  }),
  components: z.array(component).default([]),
});

/** What a bill of materials lists, and what it says that it is of. */
export interface BillOfMaterials {
  /** Each package as `name@version`. */
  readonly packages: ReadonlySet<string>;
  /** The SHA-256 of what it was made from, by name: the lock file, and what was built. */
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * Reads a bill of materials in CycloneDX's JSON.
 *
 * @throws SyntaxError, z.ZodError for what is none.
 */
export function readBill(text: string): BillOfMaterials {
  const { components, metadata } = billShape.parse(JSON.parse(text));
  const digests = metadata.properties.flatMap(({ name, value }) => {
    const of = DIGEST.exec(name)?.[1];
    return of === undefined ? [] : [[of, value] as const];
  });
  return { packages: new Set(components.flatMap(namesIn)), digests: new Map(digests) };
}

/** A package that lies in another one's folder is listed within it. */
function namesIn({ group, name, version, components = [] }: BillComponent): readonly string[] {
  const whole = group === undefined || group === "" ? name : `${group}/${name}`;
  return [`${whole}@${version ?? "?"}`, ...components.flatMap(namesIn)];
}

/** The packages that a lock file installs without those for development, as `name@version`. */
export function shippedPackages(lock: string): ReadonlySet<string> {
  const { packages } = lockShape.parse(JSON.parse(lock));
  return new Set(
    Object.entries(packages)
      .filter(([path, { dev, link }]) => path !== "" && dev !== true && link !== true)
      .map(([path, { name, version }]) => `${name ?? path.split("node_modules/").at(-1)}@${version ?? "?"}`),
  );
}
