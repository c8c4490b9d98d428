import { counted } from "../../core/index.ts";
import { isQuoteOf, type QuoteComparison } from "../observation/probes/compare-quotes.ts";
import type { Invariant } from "./invariant.ts";

/** This many problems are named, the others counted. */
const NAMED = 3;
/** Quotes are compared some forty times before they are wrong; after so few, they or the harness were late. */
const FEWEST_TIMES = 5;

/** Whether the prices that clients received were the venues' prices. */
export const quotesAgree: Invariant = {
  statement: "no quote is crossed, and each is the best bid and ask that its venue has or had shortly before",
  mayComeLate: false,
  needs: ({ offers }) =>
    offers.questions.has("quote") || offers.quoteStream ? null : "quotes in the platform's API",
  check: ({ quotes: { comparisons, times, recorded } }) => {
    const problems = [
      ...recorded.crossed.map(
        ({ venue, symbol, bid, ask }) => `${symbol} at ${venue} was bid ${bid} and offered at ${ask}`,
      ),
      ...comparisons.flatMap(differences),
    ];
    const judgedBy = { count: Math.max(comparisons.length + recorded.count, problems.length), noun: "quote" };
    if (problems.length > 0) {
      const more = problems.length > NAMED ? ` and ${problems.length - NAMED} more` : "";
      const received = `${problems.slice(0, NAMED).join("; ")}${more}`;
      const areLate = recorded.crossed.length === 0 && (times < FEWEST_TIMES || comparisons.every(isMissing));
      return { verdict: "fail", received, judgedBy, ...(areLate ? { basis: "time" } : {}) };
    }
    if (comparisons.length === 0)
      return { verdict: "inconclusive", received: "no market data to compare with", judgedBy };
    const received = `${counted(comparisons.length, "market")}, ${counted(recorded.count, "quote")} recorded`;
    return { verdict: "pass", received, judgedBy };
  },
};

/** Whether nothing is wrong but that a quote is missing: a late one, or one that is withheld since it is too old. */
function isMissing({ asked, pushed, ...comparison }: QuoteComparison): boolean {
  return (
    differences({ ...comparison, asked: asked ?? "not-offered", pushed: pushed ?? "not-offered" }).length ===
    0
  );
}

function differences({ venue, symbol, book, asked, pushed }: QuoteComparison): readonly string[] {
  const differenceOf = (how: string, quote: QuoteComparison["asked"]) => {
    if (quote === "not-offered" || (quote !== null && isQuoteOf(book, quote))) return [];
    const received = quote === null ? "nothing" : `${quote.bid} / ${quote.ask}`;
    return [`${symbol} at ${venue} is ${book.bid} / ${book.ask}, ${how} ${received}`];
  };
  return [...differenceOf("a request returned", asked), ...differenceOf("the stream's last quote", pushed)];
}
