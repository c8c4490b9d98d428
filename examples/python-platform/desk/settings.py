"""What the environment says, and the times that everything keeps to. All times are in seconds."""

import os
import sys

DEFECTS = {
    "resend": "an order whose answer was lost is sent again under a new id",
    "partial-as-done": "an order of which a part was executed is shown as done",
    "ignore-gaps": "a gap in the updates of an order book is ignored",
    "half-booked": "each statement of a booking is committed by itself",
    "float-money": "the money of an execution is computed with binary floating point",
    "check-then-insert": "a request key is looked up first and inserted later",
}

EXCHANGE_TIMEOUT = 1.2
DATABASE_TIMEOUT = 1.5
CHECKOUT_TIMEOUT = 1.0
# How long after its answer was lost an order may still turn up at the exchange.
GRACE = 3.0
# The exchange refuses requests that are older: so a lost one cannot take effect after the grace.
RECEIVE_WINDOW = 2.0
STALE_AFTER = 3.0

PAIRS = {"BTC-USDT": "BTCUSDT", "ETH-USDT": "ETHUSDT"}
MAX_AMOUNT = 100
# A limit may be this share away from the middle of the market.
PRICE_BAND = 0.2


def defects() -> frozenset[str]:
    """The planted defects that DESK_DEFECTS names, so that one can see whether tests find them."""
    named = frozenset(name.strip() for name in os.environ.get("DESK_DEFECTS", "").split(",") if name.strip())
    unknown = named - DEFECTS.keys()
    if unknown:
        sys.exit(f"Expected DESK_DEFECTS to name {', '.join(DEFECTS)}, got {', '.join(sorted(unknown))}.")
    return named


ACTIVE = defects()
