import { TRADING_VENUE_NAMES, type TradingVenueName } from "../../venues/index.ts";
import { choice, wholeNumber } from "../proxy/toxics/attribute-spec.ts";
import { repeatBursts } from "./client-bursts.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";
import { BESIDE_THE_LINKS } from "./process-injection.ts";

const VENUES_TO_CHOOSE = TRADING_VENUE_NAMES as readonly [TradingVenueName, ...TradingVenueName[]];

const statement = stateFault({
  kind: "order-burst",
  specs: {
    venue: choice("the exchange of the orders", VENUES_TO_CHOOSE),
    requests: wholeNumber("count", "how many requests bring each key at once", {
      fallback: 25,
      min: 2,
      max: 1_000,
    }),
    pause: wholeNumber("ms", "the pause between two keys", { fallback: 200, max: 60_000 }),
  },
  placeOf: () => "api",
});

type OrderBurst = FaultIn<typeof statement>;

/** Many clients bring one idempotency key at the same moment: a retry storm, a gateway that repeats. */
export const orderBurst: FaultKind<OrderBurst> = {
  ...statement,
  ...BESIDE_THE_LINKS,
  exclusive: () => null,
  summary: "many requests bring the same order under one idempotency key at the same moment, key after key",
  healing: "No further key is sent, and all answers are awaited.",
  label: ({ venue, requests }) => `${requests} requests at once for each order at ${venue}`,
  async inject(fault, context) {
    const { venue, requests, pauseMs } = fault;
    return repeatBursts(
      {
        label: orderBurst.label(fault),
        pauseMs,
        burst: (clients) => clients.placeAtOnce(venue, requests),
      },
      context,
    );
  },
};
