/** What can be learned from the answer to each kind of question, under the names that mappings and drivers use. */
export const ANSWER_FIELDS = {
  order: ["id", "clientOrderId", "status", "executedQuantity", "executedQuote", "symbol", "side", "error"],
  positions: ["positions", "error"],
  quote: ["bid", "ask", "error"],
  switch: ["error"],
} as const;
