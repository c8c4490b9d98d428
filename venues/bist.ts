import type { VenueEntry } from "./venue-entry.ts";

export const bist = {
  name: "bist",
  title: "BIST",
  channels: ["ws"],
  symbols: ["THYAO", "GARAN", "ASELS"],
  feed: "quotes",
  orders: { kind: "none" },
  credentials: [],
} as const satisfies VenueEntry;
