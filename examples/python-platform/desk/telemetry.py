"""The metrics, under this platform's own names."""

from prometheus_client import Counter, Gauge, Histogram

responses = Counter("desk_responses", "Requests answered.", ["endpoint", "code"])
response_seconds = Histogram(
    "desk_response_seconds",
    "Time from a request to its answer.",
    ["endpoint", "code"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 1, 2, 4, 8),
)
declined = Counter("desk_declined", "Orders that the desk's own limits forbade.", ["why"])
keys = Counter("desk_keys", "Orders requested, each with a key.")
key_clashes = Counter("desk_key_clashes", "Keys that came again with another order.")
sent = Counter("desk_sent", "Orders sent to the exchange, by what became of the sending.", ["result"])
looked_up = Counter("desk_looked_up", "Orders looked up at the exchange.", ["result"])
lost = Gauge("desk_lost_orders", "Orders whose outcome is not known.")
database_connections = Gauge("desk_database_connections", "Connections of the pool.", ["used"])
market_message_time = Gauge("desk_market_last_message_time", "When the last market data came, in Unix time.")
market_messages = Counter("desk_market_messages", "Messages of market data received.")
market_rebuilds = Counter("desk_market_rebuilds", "Order books given up and built anew.", ["cause"])

# Series that exist from the start say that nothing happened; without them nobody can tell.
for why in ("TOO_BIG", "TOO_FAR", "NO_PRICE"):
    declined.labels(why)
for result in ("taken", "refused", "lost", "not_sent"):
    sent.labels(result)
for result in ("found", "never_arrived", "changed", "failed"):
    looked_up.labels(result)
for cause in ("gap", "silent", "closed", "old_snapshot"):
    market_rebuilds.labels(cause)
