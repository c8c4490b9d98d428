/** Valid names that resemble an unknown one. */
export type Nearest =
  /** So similar that it was probably meant. */
  | { readonly kind: "meant"; readonly name: string }
  /** Only the most similar ones. */
  | { readonly kind: "nearest"; readonly names: readonly string[] };

const LISTED = 3;
/** Shorter names resemble too many others. */
const SHORTEST = 3;

/** Finds the valid names that an unknown name may have meant. */
export function nearestTo(name: string, known: readonly string[]): Nearest {
  const wanted = name.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, edits: editsBetween(wanted, candidate.toLowerCase()) }))
    .toSorted((one, other) => one.edits - other.edits);
  const [best] = ranked;
  const begins = ranked.find(({ candidate }) => sharesBeginning(wanted, candidate.toLowerCase()));
  const bearable = wanted.length < SHORTEST ? 0 : Math.max(1, Math.floor(wanted.length / 3));
  if (best !== undefined && best.edits <= bearable) return { kind: "meant", name: best.candidate };
  if (begins !== undefined) return { kind: "meant", name: begins.candidate };
  return { kind: "nearest", names: ranked.slice(0, LISTED).map(({ candidate }) => candidate) };
}

/** Whether one of them is the other with a suffix, such as `delay` and `delayMs`. */
function sharesBeginning(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= SHORTEST && long.startsWith(short);
}

/**
 * The edit distance: how many letters have to be inserted, removed, replaced or swapped with the next to turn
 * one text into the other.
 */
function editsBetween(one: string, other: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 0; index < one.length; index++) {
    const next = [index + 1];
    for (let column = 0; column < other.length; column++) {
      const exchanged = (row[column] ?? 0) + (one[index] === other[column] ? 0 : 1);
      const isSwap = column > 0 && one[index] === other[column - 1] && one[index - 1] === other[column];
      const swapped = isSwap ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(exchanged, swapped, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
