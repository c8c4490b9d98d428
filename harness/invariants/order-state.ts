/** The meaning of statuses: platforms and venues spell the same state in many ways. */
export type OrderState = "open" | "filled" | "canceled" | "expired" | "rejected" | "unrecognized";

const WORDS: readonly (readonly [RegExp, OrderState])[] = [
  [/^(new|open|accepted|pending[-_ ]?new|partial(ly)?([-_ ]?filled)?)$/i, "open"],
  [/^(filled|closed|executed)$/i, "filled"],
  [/^cancell?ed$/i, "canceled"],
  [/^expired/i, "expired"],
  [/^rejected$/i, "rejected"],
];

/** Interprets a status; an unknown word is no evidence of anything. */
export function orderStateOf(status: string): OrderState {
  return WORDS.find(([pattern]) => pattern.test(status))?.[1] ?? "unrecognized";
}

/** Whether an order in this state is final. */
export function isOver(state: OrderState): boolean {
  return state !== "open" && state !== "unrecognized";
}

/**
 * Whether the platform's status of an order is compatible with the venue's. The platform may say
 * `canceled` where the venue says `expired`, because a venue need not say why the rest of an order ended;
 * not the other way round.
 */
export function statesAgree(platform: OrderState, venue: OrderState): boolean {
  if (platform === "unrecognized" || venue === "unrecognized") return true;
  return platform === venue || (venue === "expired" && platform === "canceled");
}
