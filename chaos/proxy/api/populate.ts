import type { Link } from "../link.ts";
import type { LinkCollection } from "../link-collection.ts";
import { ApiError } from "./api-error.ts";
import type { InputNotes } from "./input-notes.ts";
import { parseJson } from "./json-input.ts";
import { readLinks } from "./proxy-input.ts";
import { resolveListen } from "./resolve-listen.ts";

/** The links that were made before the first that could not be, and why that one could not; null: all were. */
export interface Populated {
  readonly links: readonly Link[];
  readonly error: ApiError | null;
}

/**
 * Makes the links of a list, as in a body of `POST /populate`. Nothing is changed when a part of the list is
 * invalid.
 */
export async function populateFrom(
  links: LinkCollection,
  text: string,
  notes: InputNotes,
): Promise<Populated> {
  try {
    const inputs = readLinks(parseJson(text), notes);
    const numeric = inputs.map(async (input) => ({ ...input, listen: await resolveListen(input.listen) }));
    const { links: made, error = null } = await links.populate(await Promise.all(numeric));
    return { links: made, error };
  } catch (error) {
    if (error instanceof ApiError) return { links: [], error };
    throw error;
  }
}
