import { z } from "zod";
import { FAULT_KINDS, type Fault, type FaultKindName, type FaultOf } from "./registry.ts";

/** A fault as a user writes it: attributes that have a default may be left out. */
export type FaultInput<Link extends string> = {
  [K in FaultKindName]: { readonly kind: K; readonly link: Link } & Partial<
    Omit<FaultOf<K>, "kind" | "link">
  >;
}[FaultKindName];

/**
 * Checks faults on these links and adds their defaults. Each error has its path in the surrounding data,
 * which `completeFault`, made for a single fault, does not know.
 */
export function faultSchema<Link extends string>(links: readonly Link[]) {
  return z.custom<FaultInput<Link>>().transform((input, context): Fault => {
    const kind = kindIn(input);
    if (kind === null) return refuse(context, "kind", Object.keys(FAULT_KINDS));
    const result = kind.schema.safeParse(input);
    if (result.success) {
      return (links as readonly string[]).includes(result.data.link)
        ? result.data
        : refuse(context, "link", links);
    }
    for (const issue of result.error.issues) context.issues.push({ ...issue, input } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}

function refuse(context: z.RefinementCtx, key: "kind" | "link", values: readonly string[]): never {
  context.issues.push({ code: "invalid_value", values: [...values], input: context.value, path: [key] });
  return z.NEVER;
}

function kindIn(input: unknown): (typeof FAULT_KINDS)[FaultKindName] | null {
  if (typeof input !== "object" || input === null || !("kind" in input)) return null;
  const { kind } = input;
  return typeof kind === "string" && Object.hasOwn(FAULT_KINDS, kind)
    ? FAULT_KINDS[kind as FaultKindName]
    : null;
}
