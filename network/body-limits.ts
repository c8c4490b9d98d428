const MIB = 1_024 * 1_024;

/** The largest answer of any kind: a venue's list of orders after a long run. */
export const MAX_BODY_BYTES = 64 * MIB;

/** The largest page or message: a response to the load, metrics, an answer of Prometheus. */
export const MAX_PAGE_BYTES = 16 * MIB;
