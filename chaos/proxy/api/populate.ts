import type { Link } from "../link.ts";
import type { LinkCollection } from "../link-collection.ts";
import { ApiError } from "./api-error.ts";
import type { InputNotes } from "./input-notes.ts";
import { parseJson } from "./json-input.ts";
import { readLinks } from "./proxy-input.ts";
import { resolveListen } from "./resolve-listen.ts";

/** The links of the list, or why none of them was made or changed. */
export type Populated =
  | { readonly links: readonly Link[]; readonly error: null }
  | { readonly links: readonly []; readonly error: ApiError };

/**
 * Makes the links of a list, as in a body of `POST /populate`: all of them or, when one cannot be made, none.
 */
export async function populateFrom(
  links: LinkCollection,
  text: string,
  notes: InputNotes,
): Promise<Populated> {
  try {
    const inputs = readLinks(parseJson(text), notes);
    const numeric = inputs.map(async (input) => ({ ...input, listen: await resolveListen(input.listen) }));
    return { links: await links.populate(await Promise.all(numeric)), error: null };
  } catch (error) {
    if (error instanceof ApiError) return { links: [], error };
    throw error;
  }
}
