import { MatchersV3 } from "@pact-foundation/pact";
import { expect } from "vitest";
import { readBookFrame, readDepthUpdate } from "../../platform/index.ts";
import { decimalText } from "./http-contract.ts";

/** One kind of WebSocket frame that the platform reads. */
export interface FrameContract {
  readonly provider: string;
  /** Continues the sentence "the platform receives …". Unique within its pact. */
  readonly description: string;
  readonly content: unknown;
  /** Reads the frame with the platform's own reader, and checks the result. */
  readonly exercise: (text: string) => void;
}

const { integer, regex, string } = MatchersV3;

/** A list whose entries are all like this one. It may be empty: a side without a change is. */
const anyNumberOf = (entry: unknown) => ({ "pact:matcher:type": "type", min: 0, value: [entry] });

const LEVEL = [decimalText("60000.00"), decimalText("0.001")];
/** A row of a change set; `CP` is replaced (0), new (1) or deleted (3). */
const ROW = { P: decimalText("60000"), A: decimalText("0.001") };
const CHANGE = { ...ROW, CP: integer(0) };

/** Every frame from which the platform builds its books. */
export const FRAME_CONTRACTS: readonly FrameContract[] = [
  {
    provider: "binance-spot",
    description: "a change of the book",
    content: {
      stream: regex("^[a-z0-9]+@depth@100ms$", "btcusdt@depth@100ms"),
      data: {
        e: "depthUpdate",
        E: integer(1_700_000_000_000),
        s: string("BTCUSDT"),
        U: integer(157),
        u: integer(160),
        b: anyNumberOf(LEVEL),
        a: anyNumberOf(LEVEL),
      },
    },
    exercise: (text) => expect(readDepthUpdate(text)).toMatchObject({ s: "BTCUSDT", U: 157, u: 160 }),
  },
  {
    provider: "btcturk",
    description: "a whole book",
    content: [431, { CS: integer(1), PS: string("BTCUSDT"), AO: anyNumberOf(ROW), BO: anyNumberOf(ROW) }],
    exercise: (text) => expect(readBookFrame(text)).toMatchObject([431, { PS: "BTCUSDT", CS: 1 }]),
  },
  {
    provider: "btcturk",
    description: "a change of the book",
    content: [
      432,
      { CS: integer(2), PS: string("BTCUSDT"), AO: anyNumberOf(CHANGE), BO: anyNumberOf(CHANGE) },
    ],
    exercise: (text) => expect(readBookFrame(text)).toMatchObject([432, { PS: "BTCUSDT", CS: 2 }]),
  },
];
