"""An ordinary day of a trading program at Binance, by a published client with nothing changed but its addresses.

Usage: day.py <python-binance|binance-sdk-spot|ccxt> <REST address>
Prints one line of JSON with what each call returned, in plain values that the test compares.
"""

import json
import sys

KEY, SECRET = "kanit-binance-key", "kanit-binance-secret"
FAR = {"quantity": "0.001", "price": "30000"}


def python_binance(rest):
    from binance.client import Client
    from binance.exceptions import BinanceAPIException

    Client.API_URL = f"{rest}/api"
    client = Client(KEY, SECRET)
    buy = {"symbol": "BTCUSDT", **FAR}
    limit = client.order_limit_buy(newClientOrderId="limit", **buy)
    market = client.order_market_buy(symbol="BTCUSDT", quantity="0.001")
    try:
        client.order_limit_buy(symbol="BTCUSDT", quantity="0.001", price="1")
        refusal = None
    except BinanceAPIException as error:
        refusal = f"{type(error).__name__} {error.code}"
    found = client.get_order(symbol="BTCUSDT", orderId=limit["orderId"])
    opened = client.get_open_orders(symbol="BTCUSDT")
    client.cancel_order(symbol="BTCUSDT", orderId=limit["orderId"])
    return {
        "markets": [each["symbol"] for each in client.get_exchange_info()["symbols"]],
        "clock": client.get_server_time()["serverTime"],
        "book": client.get_order_book(symbol="BTCUSDT", limit=5),
        "trades": len(client.get_recent_trades(symbol="BTCUSDT")),
        "klines": len(client.get_klines(symbol="BTCUSDT", interval="1m")),
        "tickers": [each["symbol"] for each in client.get_ticker()],
        "balance": client.get_asset_balance("USDT")["free"],
        "limit": limit["status"],
        "market": market["status"],
        "found": found["clientOrderId"],
        "open": [each["clientOrderId"] for each in opened],
        "all": len(client.get_all_orders(symbol="BTCUSDT")),
        "own": len(client.get_my_trades(symbol="BTCUSDT")),
        "canceled": client.get_order(symbol="BTCUSDT", orderId=limit["orderId"])["status"],
        "refusal": refusal,
    }


def binance_sdk_spot(rest):
    from binance_common.configuration import ConfigurationRestAPI
    from binance_common.errors import BadRequestError
    from binance_sdk_spot.spot import Spot

    client = Spot(config_rest_api=ConfigurationRestAPI(api_key=KEY, api_secret=SECRET, base_path=rest)).rest_api

    def said(answer):
        return json.loads(answer.data().to_json())

    buy = {"symbol": "BTCUSDT", "side": "BUY"}
    resting = {**buy, "type": "LIMIT", "time_in_force": "GTC", "quantity": 0.001, "price": 30000.0}
    limit = said(client.new_order(new_client_order_id="limit", **resting))
    market = said(client.new_order(**buy, type="MARKET", quantity=0.001))
    try:
        client.new_order(**{**resting, "price": 1.0})
        refusal = None
    except BadRequestError as error:
        refusal = f"{type(error).__name__} {error.args[0]}"
    opened = client.get_open_orders(symbol="BTCUSDT").data()
    found = said(client.get_order(symbol="BTCUSDT", order_id=limit["orderId"]))
    client.delete_order(symbol="BTCUSDT", order_id=limit["orderId"])
    account = said(client.get_account())
    return {
        "markets": [each["symbol"] for each in said(client.exchange_info())["symbols"]],
        "clock": said(client.time())["serverTime"],
        "book": said(client.depth(symbol="BTCUSDT", limit=5)),
        "trades": len(client.get_trades(symbol="BTCUSDT").data()),
        "klines": len(client.klines(symbol="BTCUSDT", interval="1m").data()),
        "tickers": [each.symbol for each in client.ticker24hr().data().actual_instance],
        "balance": next(each["free"] for each in account["balances"] if each["asset"] == "USDT"),
        "limit": limit["status"],
        "market": market["status"],
        "found": found["clientOrderId"],
        "open": [each.client_order_id for each in opened],
        "all": len(client.all_orders(symbol="BTCUSDT").data()),
        "own": len(client.my_trades(symbol="BTCUSDT").data()),
        "canceled": said(client.get_order(symbol="BTCUSDT", order_id=limit["orderId"]))["status"],
        "refusal": refusal,
    }


def ccxt_binance(rest):
    import ccxt

    client = ccxt.binance({"apiKey": KEY, "secret": SECRET, "options": {"fetchMarkets": {"types": ["spot"]}}})
    for name, address in client.urls["api"].items():
        if isinstance(address, str):
            path = address.split("/", 3)[3] if address.count("/") > 2 else ""
            client.urls["api"][name] = f"{rest}/{path}"
    markets = client.load_markets()
    limit = client.create_order("BTC/USDT", "limit", "buy", 0.001, 30000, {"newClientOrderId": "limit"})
    market = client.create_order("BTC/USDT", "market", "buy", 0.001)
    try:
        client.create_order("BTC/USDT", "limit", "buy", 0.001, 1)
        refusal = None
    except ccxt.InvalidOrder as error:
        refusal = f"{type(error).__name__} {error}"
    found = client.fetch_order(limit["id"], "BTC/USDT")
    opened = client.fetch_open_orders("BTC/USDT")
    client.cancel_order(limit["id"], "BTC/USDT")
    book = client.fetch_order_book("BTC/USDT", 5)
    names = {"open": "NEW", "closed": "FILLED", "canceled": "CANCELED"}
    return {
        "markets": [each["id"] for each in markets.values()],
        "clock": client.fetch_time(),
        "book": {"bids": book["bids"], "asks": book["asks"]},
        "trades": len(client.fetch_trades("BTC/USDT")),
        "klines": len(client.fetch_ohlcv("BTC/USDT", "1m")),
        "tickers": [each["info"]["symbol"] for each in client.fetch_tickers().values()],
        "balance": str(client.fetch_balance()["free"]["USDT"]),
        "limit": names[limit["status"]],
        "market": names[market["status"]],
        "found": found["clientOrderId"],
        "open": [each["clientOrderId"] for each in opened],
        "all": len(client.fetch_orders("BTC/USDT")),
        "own": len(client.fetch_my_trades("BTC/USDT")),
        "canceled": names[client.fetch_order(limit["id"], "BTC/USDT")["status"]],
        "refusal": refusal,
    }


DAYS = {"python-binance": python_binance, "binance-sdk-spot": binance_sdk_spot, "ccxt": ccxt_binance}

if __name__ == "__main__":
    name, rest = sys.argv[1:3]
    print(json.dumps(DAYS[name](rest)))
