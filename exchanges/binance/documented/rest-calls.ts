import { type CallState, differs, MISSING, RIGHT } from "./call-state.ts";

/**
 * Every documented endpoint with the parameters that it reads, besides those of every request. A request with any other
 * parameter is refused, so that none is ignored in silence.
 */
const ROWS: readonly (readonly [call: string, parameters: string, state: CallState])[] = [
  ["GET /api/v3/account", "omitZeroBalances", differs("one account, whose fees and permissions are fixed")],
  ["GET /api/v3/account/commission", "symbol", RIGHT],
  ["GET /api/v3/aggTrades", "symbol fromId startTime endTime limit", differs("trades since the tape began")],
  ["GET /api/v3/allOrderList", "fromId startTime endTime limit", MISSING],
  [
    "GET /api/v3/allOrders",
    "symbol orderId startTime endTime limit",
    differs("orders since the stub started"),
  ],
  ["GET /api/v3/avgPrice", "symbol", RIGHT],
  ["GET /api/v3/depth", "symbol limit symbolStatus", RIGHT],
  ["GET /api/v3/exchangeInfo", "symbol symbols permissions showPermissionSets symbolStatus", RIGHT],
  ["GET /api/v3/executionRules", "symbol symbols symbolStatus", MISSING],
  ["GET /api/v3/historicalBlockTrades", "symbol fromId limit", MISSING],
  ["GET /api/v3/historicalTrades", "symbol limit fromId", differs("trades since the tape began")],
  [
    "GET /api/v3/klines",
    "symbol interval startTime endTime timeZone limit",
    differs("candles since the tape began"),
  ],
  ["GET /api/v3/myAllocations", "symbol startTime endTime fromAllocationId limit orderId", RIGHT],
  ["GET /api/v3/myFilters", "symbol", differs("only the filters of open orders: the account has no others")],
  ["GET /api/v3/myPreventedMatches", "symbol preventedMatchId orderId fromPreventedMatchId limit", RIGHT],
  [
    "GET /api/v3/myTrades",
    "symbol orderId startTime endTime fromId limit",
    differs("trades since the stub started"),
  ],
  ["GET /api/v3/openOrderList", "", MISSING],
  ["DELETE /api/v3/openOrders", "symbol", RIGHT],
  ["GET /api/v3/openOrders", "symbol", RIGHT],
  ["DELETE /api/v3/order", "symbol orderId origClientOrderId newClientOrderId cancelRestrictions", RIGHT],
  ["GET /api/v3/order", "symbol orderId origClientOrderId", RIGHT],
  [
    "POST /api/v3/order",
    [
      "symbol side type timeInForce quantity quoteOrderQty price newClientOrderId strategyId",
      "strategyType stopPrice trailingDelta icebergQty newOrderRespType selfTradePreventionMode",
      "pegPriceType pegOffsetValue pegOffsetType",
    ].join(" "),
    differs(
      "trailing stops and the self-trade mode TRANSFER are refused as for a symbol without them; no pegged orders",
    ),
  ],
  [
    "PUT /api/v3/order/amend/keepPriority",
    "symbol orderId origClientOrderId newClientOrderId newQty",
    MISSING,
  ],
  ["GET /api/v3/order/amendments", "symbol orderId fromExecutionId limit", MISSING],
  [
    "POST /api/v3/order/cancelReplace",
    [
      "symbol side type cancelReplaceMode timeInForce quantity quoteOrderQty price",
      "cancelNewClientOrderId cancelOrigClientOrderId cancelOrderId newClientOrderId strategyId",
      "strategyType stopPrice trailingDelta icebergQty newOrderRespType selfTradePreventionMode",
      "cancelRestrictions orderRateLimitExceededMode pegPriceType pegOffsetValue pegOffsetType",
    ].join(" "),
    differs("as `POST /api/v3/order`"),
  ],
  [
    "POST /api/v3/order/oco",
    [
      "symbol listClientOrderId side quantity limitClientOrderId price limitStrategyId",
      "limitStrategyType limitIcebergQty trailingDelta stopClientOrderId stopPrice",
      "stopStrategyId stopStrategyType stopLimitPrice stopIcebergQty stopLimitTimeInForce",
      "newOrderRespType selfTradePreventionMode",
    ].join(" "),
    MISSING,
  ],
  [
    "POST /api/v3/order/test",
    [
      "computeCommissionRates symbol side type timeInForce quantity quoteOrderQty price",
      "newClientOrderId strategyId strategyType stopPrice trailingDelta icebergQty",
      "newOrderRespType selfTradePreventionMode pegPriceType pegOffsetValue pegOffsetType",
    ].join(" "),
    differs("as `POST /api/v3/order`"),
  ],
  ["DELETE /api/v3/orderList", "symbol orderListId listClientOrderId newClientOrderId", MISSING],
  ["GET /api/v3/orderList", "orderListId origClientOrderId", MISSING],
  [
    "POST /api/v3/orderList/oco",
    [
      "symbol listClientOrderId side quantity aboveType aboveClientOrderId aboveIcebergQty",
      "abovePrice aboveStopPrice aboveTrailingDelta aboveTimeInForce aboveStrategyId",
      "aboveStrategyType abovePegPriceType abovePegOffsetType abovePegOffsetValue belowType",
      "belowClientOrderId belowIcebergQty belowPrice belowStopPrice belowTrailingDelta",
      "belowTimeInForce belowStrategyId belowStrategyType belowPegPriceType belowPegOffsetType",
      "belowPegOffsetValue newOrderRespType selfTradePreventionMode",
    ].join(" "),
    MISSING,
  ],
  [
    "POST /api/v3/orderList/opo",
    [
      "symbol listClientOrderId newOrderRespType selfTradePreventionMode workingType",
      "workingSide workingClientOrderId workingPrice workingQuantity workingIcebergQty",
      "workingTimeInForce workingStrategyId workingStrategyType workingPegPriceType",
      "workingPegOffsetType workingPegOffsetValue pendingType pendingSide pendingClientOrderId",
      "pendingPrice pendingStopPrice pendingTrailingDelta pendingIcebergQty pendingTimeInForce",
      "pendingStrategyId pendingStrategyType pendingPegPriceType pendingPegOffsetType",
      "pendingPegOffsetValue",
    ].join(" "),
    MISSING,
  ],
  [
    "POST /api/v3/orderList/opoco",
    [
      "symbol listClientOrderId newOrderRespType selfTradePreventionMode workingType",
      "workingSide workingClientOrderId workingPrice workingQuantity workingIcebergQty",
      "workingTimeInForce workingStrategyId workingStrategyType workingPegPriceType",
      "workingPegOffsetType workingPegOffsetValue pendingSide pendingAboveType",
      "pendingAboveClientOrderId pendingAbovePrice pendingAboveStopPrice",
      "pendingAboveTrailingDelta pendingAboveIcebergQty pendingAboveTimeInForce",
      "pendingAboveStrategyId pendingAboveStrategyType pendingAbovePegPriceType",
      "pendingAbovePegOffsetType pendingAbovePegOffsetValue pendingBelowType",
      "pendingBelowClientOrderId pendingBelowPrice pendingBelowStopPrice",
      "pendingBelowTrailingDelta pendingBelowIcebergQty pendingBelowTimeInForce",
      "pendingBelowStrategyId pendingBelowStrategyType pendingBelowPegPriceType",
      "pendingBelowPegOffsetType pendingBelowPegOffsetValue",
    ].join(" "),
    MISSING,
  ],
  [
    "POST /api/v3/orderList/oto",
    [
      "symbol listClientOrderId newOrderRespType selfTradePreventionMode workingType",
      "workingSide workingClientOrderId workingPrice workingQuantity workingIcebergQty",
      "workingTimeInForce workingStrategyId workingStrategyType pendingType workingPegPriceType",
      "workingPegOffsetType workingPegOffsetValue pendingSide pendingClientOrderId pendingPrice",
      "pendingStopPrice pendingTrailingDelta pendingQuantity pendingIcebergQty",
      "pendingTimeInForce pendingStrategyId pendingStrategyType pendingPegPriceType",
      "pendingPegOffsetType pendingPegOffsetValue",
    ].join(" "),
    MISSING,
  ],
  [
    "POST /api/v3/orderList/otoco",
    [
      "symbol listClientOrderId newOrderRespType selfTradePreventionMode workingType",
      "workingSide workingClientOrderId workingPrice workingQuantity workingIcebergQty",
      "workingTimeInForce workingStrategyId workingStrategyType workingPegPriceType",
      "workingPegOffsetType workingPegOffsetValue pendingSide pendingQuantity pendingAboveType",
      "pendingAboveClientOrderId pendingAbovePrice pendingAboveStopPrice",
      "pendingAboveTrailingDelta pendingAboveIcebergQty pendingAboveTimeInForce",
      "pendingAboveStrategyId pendingAboveStrategyType pendingAbovePegPriceType",
      "pendingAbovePegOffsetType pendingAbovePegOffsetValue pendingBelowType",
      "pendingBelowClientOrderId pendingBelowPrice pendingBelowStopPrice",
      "pendingBelowTrailingDelta pendingBelowIcebergQty pendingBelowTimeInForce",
      "pendingBelowStrategyId pendingBelowStrategyType pendingBelowPegPriceType",
      "pendingBelowPegOffsetType pendingBelowPegOffsetValue",
    ].join(" "),
    MISSING,
  ],
  ["GET /api/v3/ping", "", RIGHT],
  ["GET /api/v3/rateLimit/order", "", RIGHT],
  ["GET /api/v3/referencePrice", "symbol", MISSING],
  ["GET /api/v3/referencePrice/calculation", "symbol symbolStatus", MISSING],
  [
    "POST /api/v3/sor/order",
    [
      "symbol side type timeInForce quantity price newClientOrderId strategyId strategyType",
      "icebergQty newOrderRespType selfTradePreventionMode",
    ].join(" "),
    MISSING,
  ],
  [
    "POST /api/v3/sor/order/test",
    [
      "computeCommissionRates symbol side type timeInForce quantity price newClientOrderId",
      "strategyId strategyType icebergQty newOrderRespType selfTradePreventionMode",
    ].join(" "),
    MISSING,
  ],
  [
    "GET /api/v3/ticker",
    "symbol symbols windowSize type symbolStatus",
    differs("trades since the tape began"),
  ],
  ["GET /api/v3/ticker/24hr", "symbol symbols type symbolStatus", differs("trades since the tape began")],
  ["GET /api/v3/ticker/bookTicker", "symbol symbols symbolStatus", RIGHT],
  ["GET /api/v3/ticker/price", "symbol symbols symbolStatus", RIGHT],
  [
    "GET /api/v3/ticker/tradingDay",
    "symbol symbols timeZone type symbolStatus",
    differs("trades since the tape began"),
  ],
  ["GET /api/v3/time", "", RIGHT],
  ["GET /api/v3/trades", "symbol limit", RIGHT],
  [
    "GET /api/v3/uiKlines",
    "symbol interval startTime endTime timeZone limit",
    differs("candles since the tape began, as `klines`"),
  ],
];

/** A documented endpoint of the REST interface. */
export interface DocumentedCall {
  /** `GET /api/v3/depth` */
  readonly call: string;
  readonly parameters: readonly string[];
  readonly state: CallState;
}

/** The documented endpoints, by path. */
export const DOCUMENTED_CALLS: readonly DocumentedCall[] = ROWS.map(([call, parameters, state]) => ({
  call,
  parameters: parameters.split(" ").filter((name) => name !== ""),
  state,
}));
