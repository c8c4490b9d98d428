import { z } from "zod";
import {
  type AttributeSpec,
  type AttributeSpecs,
  type NumberSpec,
  UNIT_SUFFIXES,
  type ValueOf,
} from "../proxy/toxics/attribute-spec.ts";

/** Names that differ from the result of `NameOf`, by the specification's own name. */
export type GivenNames<Specs extends AttributeSpecs> = { readonly [Name in keyof Specs]?: string };

/**
 * The name of a fault's attribute: the given one, otherwise the specification's with its unit, as in
 * `delayMs`.
 */
type NameOf<Name extends string, Spec extends AttributeSpec, Names> = Name extends keyof Names
  ? Extract<Names[Name], string>
  : Spec extends NumberSpec<infer Unit>
    ? `${Name}${(typeof UNIT_SUFFIXES)[Unit]}`
    : Name;

/** The attributes of a fault with these specifications and given names. */
type FaultValues<Specs extends AttributeSpecs, Names> = {
  readonly [Name in keyof Specs & string as NameOf<Name, Specs[Name], Names>]: ValueOf<Specs[Name]>;
};

/** A fault of this kind as plain data. */
export type StatedFault<Kind extends string, Specs extends AttributeSpecs, Names> = {
  readonly kind: Kind;
  readonly link: string;
} & FaultValues<Specs, Names>;

/** One attribute of a kind of fault, as users write it. */
export interface FaultAttribute {
  /** With its unit: `latencyMs`. */
  readonly name: string;
  /** The name in the specification, which is the toxic's own: `latency`. */
  readonly specName: string;
  readonly spec: AttributeSpec;
  readonly isRequired: boolean;
}

/** The name and attributes of a kind of fault: the rest is derived from them. */
export interface FaultStatement<F extends { readonly kind: string }> {
  readonly kind: F["kind"];
  readonly attributes: readonly FaultAttribute[];
  /** Whether users name a link for it. */
  readonly isOnLink: boolean;
  readonly schema: z.ZodType<F, unknown>;
  /** The same for faults whose link is one that this schema takes. */
  schemaOn(link: z.ZodType<string>): z.ZodObject | z.ZodPipe<z.ZodObject>;
}

/** The faults of a statement, or of a kind, which is a statement. */
export type FaultIn<S> = S extends FaultStatement<infer F> ? F : never;

/** The statement about a fault's attributes. */
export interface StatedAttributes<Kind extends string, Specs extends AttributeSpecs, Names> {
  readonly kind: Kind;
  readonly specs: Specs;
  /** Names other than the specification's with its unit. */
  readonly names?: Names;
  /** The required ones, since their default would have no effect. All others are optional. */
  readonly required?: readonly (keyof Specs)[];
  /** For faults that are not on a link: what stands in its place, which users may leave out. */
  placeOf?(fault: FaultValues<Specs, Names>): string;
  /** Checks attributes together that are valid one by one. */
  complaint?(fault: FaultValues<Specs, Names> & { readonly link: string }): Complaint | undefined;
}

/** An error in a fault. */
interface Complaint {
  readonly attribute: string;
  /** To be read behind "expected". */
  readonly expected: string;
  /** The names of which one is expected there, where that is so. */
  readonly known?: readonly string[];
}

/** Derives names, units and the schema of a fault from the specifications of its attributes. */
export function stateFault<
  const Kind extends string,
  Specs extends AttributeSpecs,
  const Names extends GivenNames<Specs> = Record<never, never>,
>(stated: StatedAttributes<Kind, Specs, Names>): FaultStatement<StatedFault<Kind, Specs, Names>> {
  const { kind, specs, required = [], complaint, placeOf } = stated;
  const names: GivenNames<Specs> = stated.names ?? {};
  const attributes = Object.entries(specs).map(([specName, spec]): FaultAttribute => {
    const name = names[specName] ?? `${specName}${spec.kind === "number" ? UNIT_SUFFIXES[spec.unit] : ""}`;
    return { name, specName, spec, isRequired: required.includes(specName) };
  });
  const fields = attributes.map(({ name, spec, isRequired }) => {
    const value = valueSchema(spec);
    const described = (isRequired ? value : value.default(spec.fallback)).describe(spec.summary);
    return [name, described];
  });
  const onLink = (link: z.ZodType<string | undefined>) =>
    z
      .strictObject({ kind: z.literal(kind), link, ...Object.fromEntries(fields) })
      .superRefine((fault, { addIssue }) => {
        // Its fields are built from the specifications, as its type is: the compiler cannot follow the former.
        const found = complaint?.(fault as unknown as Parameters<typeof complaint>[0]);
        if (found === undefined) return;
        const { attribute, expected, known = [] } = found;
        addIssue({ code: "custom", path: [attribute], message: `Expected ${expected}`, params: { known } });
      });
  const placed = (place: NonNullable<typeof placeOf>) =>
    onLink(z.string().optional()).transform((fault, { addIssue }) => {
      const link = place(fault as unknown as Parameters<typeof place>[0]);
      if (fault.link !== undefined && fault.link !== link)
        addIssue({ code: "custom", path: ["link"], message: "Expected no link" });
      return { ...fault, link };
    });
  const schemaOn = (link: z.ZodType<string>) => (placeOf === undefined ? onLink(link) : placed(placeOf));
  const schema = schemaOn(z.string().min(1));
  return { kind, attributes, isOnLink: placeOf === undefined, schema, schemaOn } as unknown as FaultStatement<
    StatedFault<Kind, Specs, Names>
  >;
}

function valueSchema(spec: AttributeSpec): z.ZodType {
  if (spec.kind === "number") return numberSchema(spec);
  if (spec.kind === "choice") return z.enum(spec.words);
  if (spec.kind === "text") {
    return z.string().superRefine((text, { addIssue }) => {
      const complaint = spec.complaint(text);
      if (complaint !== undefined) addIssue({ code: "custom", message: complaint });
    });
  }
  return z.record(z.string(), z.string()).superRefine((texts, { addIssue }) => {
    for (const [name, text] of Object.entries(texts)) {
      const complaint = spec.complaint(name, text);
      if (complaint !== undefined) addIssue({ code: "custom", path: [name], message: complaint });
    }
  });
}

function numberSchema({ whole, min, max }: NumberSpec): z.ZodType {
  const number = whole ? z.number().int() : z.number();
  return max === Number.MAX_SAFE_INTEGER ? number.min(min) : number.min(min).max(max);
}
