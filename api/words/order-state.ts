/** The states of an order that every platform and venue has, in the field's own words. */
export const ORDER_STATES = ["open", "filled", "canceled", "expired", "rejected"] as const;

/** What a status means: platforms and venues spell the same state in many ways. */
export type OrderState = (typeof ORDER_STATES)[number];

/** What a status means, where that is known. */
type ReadState = OrderState | "unrecognized";

const WORDS: readonly (readonly [RegExp, OrderState])[] = [
  [/^(new|open|accepted|pending[-_ ]?new|partial(ly)?([-_ ]?filled)?)$/i, "open"],
  [/^(filled|closed|executed)$/i, "filled"],
  [/^cancell?ed$/i, "canceled"],
  [/^expired/i, "expired"],
  [/^rejected$/i, "rejected"],
];

/** Interprets a status; an unknown word is no evidence of anything. */
export function orderStateOf(status: string): ReadState {
  return WORDS.find(([pattern]) => pattern.test(status))?.[1] ?? "unrecognized";
}

/** Whether an order in this state is final. */
export function isOver(state: ReadState): boolean {
  return state !== "open" && state !== "unrecognized";
}

/**
 * Whether the platform's status of an order is compatible with the venue's. The platform may say
 * `canceled` where the venue says `expired`, because a venue need not say why the rest of an order ended;
 * not the other way round.
 */
export function statesAgree(platform: ReadState, venue: ReadState): boolean {
  if (platform === "unrecognized" || venue === "unrecognized") return true;
  return platform === venue || (venue === "expired" && platform === "canceled");
}
