import type { VenueEntry } from "./venue-entry.ts";

export const btcturk = {
  name: "btcturk",
  title: "BTCTurk",
  channels: ["rest", "ws"],
  symbols: ["BTCUSDT", "ETHUSDT"],
  feed: "channels",
  orders: { kind: "taken", usualWeight: 30 },
  credentials: [
    {
      name: "key",
      variable: "BTCTURK_PUBLIC_KEY",
      form: { kind: "text", length: 36 },
      standard: "kanit-btcturk-key",
    },
    {
      // Base64, as BTCTurk issues it.
      name: "secret",
      variable: "BTCTURK_PRIVATE_KEY",
      form: { kind: "base64", length: 32 },
      standard: "a2FuaXQtYnRjdHVyay1zZWNyZXQ=",
    },
  ],
} as const satisfies VenueEntry;
