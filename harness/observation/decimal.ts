import { Decimal as DecimalJs } from "decimal.js";

/**
 * decimal.js with enough digits for sums and products of any two numeric(38,18) values. With its
 * default of twenty digits it would round a sum of money at the seventeenth decimal and report a
 * difference where there is none.
 */
export const Decimal = DecimalJs.clone({ precision: 80 });
export type Decimal = DecimalJs;
