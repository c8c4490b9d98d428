import { requestHttp } from "../../network/index.ts";
import type { Mutant } from "../engine/mutant.ts";

const SKEW_MS = 10_000;

/** A venue of the lab shows another time than this machine. */
export const venueClockAhead: Mutant = {
  what: `The clock of the venue Binance is ${SKEW_MS / 1_000} s ahead.`,
  apply: async ({ lab, signal }) => {
    const address = `${lab.addresses.venueControl}/venues/binance/misbehaviors/clock-skew`;
    const answer = await requestHttp(address, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ every: 1, skewMs: SKEW_MS }),
      signal,
    });
    if (!answer.ok)
      throw new Error(`the venue answered with status ${answer.status}: ${answer.text.slice(0, 200)}`);
    return {
      effect: `PUT /venues/binance/misbehaviors/clock-skew: ${answer.status}`,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        await requestHttp(address, { method: "DELETE" });
      },
    };
  },
};
