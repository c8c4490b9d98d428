import type { VenueEntry } from "./venue-entry.ts";

export const binance = {
  name: "binance",
  title: "Binance",
  channels: ["rest", "ws"],
  symbols: ["BTCUSDT", "ETHUSDT"],
  feed: "streams",
  orders: { kind: "taken", usualWeight: 70 },
  credentials: [
    {
      name: "key",
      variable: "BINANCE_API_KEY",
      form: { kind: "text", length: 64 },
      standard: "kanit-binance-key",
    },
    {
      name: "secret",
      variable: "BINANCE_API_SECRET",
      form: { kind: "text", length: 64 },
      standard: "kanit-binance-secret",
    },
  ],
} as const satisfies VenueEntry;
