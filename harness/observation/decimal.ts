import { Decimal as DecimalJs } from "decimal.js";

/**
 * decimal.js with room for sums and products of any two numeric(38,18) values. Its own twenty digits would round a sum
 * of money in its seventeenth decimal, and find a difference where there is none.
 */
export const Decimal = DecimalJs.clone({ precision: 80 });
export type Decimal = DecimalJs;
