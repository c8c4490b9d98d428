import { describe, expect, it } from "vitest";
import { type Note, noteLine, noteText, readNote } from "./note.ts";
import { judgeNote, warRoomOf } from "./war-room.ts";

const at = "2026-01-01T12:04:11.000Z";
const mara: Note = { kind: "command-taken", at, by: "mara" };
const p95 = (value: string): Note => ({ kind: "signal", at, by: "deniz", signal: "p95", value });
const decision = (by: string): Note => ({ kind: "decision", at, by, text: "hold at 5 %" });

describe("a war room", () => {
  it("has one commander: another one cannot take command", () => {
    const room = warRoomOf([mara]);
    expect(judgeNote(room, { kind: "command-taken", at, by: "ali" })).toMatchObject({
      ...{ kind: "refused", why: "mara commands" },
    });
    expect(warRoomOf([mara, { kind: "command-taken", at, by: "ali" }]).commander).toBe("mara");
  });

  it("changes its commander when the commander hands over, and nobody else can", () => {
    const toAli = (by: string): Note => ({ kind: "command-handed", at, by, to: "ali" });
    expect(warRoomOf([mara, toAli("deniz")]).commander).toBe("mara");
    expect(warRoomOf([mara, toAli("mara")]).commander).toBe("ali");
  });

  it("has decisions of its commander only", () => {
    const room = warRoomOf([mara]);
    expect(judgeNote(room, decision("mara")).kind).toBe("noted");
    expect(judgeNote(room, decision("deniz"))).toMatchObject({ why: "mara commands, not deniz" });
    expect(judgeNote(warRoomOf([]), decision("mara"))).toMatchObject({ why: "nobody commands" });
  });

  it("hears a signal when it changes, and not again", () => {
    const room = warRoomOf([p95("240 ms")]);
    expect(judgeNote(room, p95("240 ms"))).toEqual({ kind: "unchanged", since: at });
    expect(judgeNote(room, p95("190 ms")).kind).toBe("noted");
    expect(warRoomOf([p95("1"), p95("1"), p95("2"), p95("1")]).log).toHaveLength(3);
  });
});

describe("a note", () => {
  it.each([mara, p95("240 ms"), decision("mara")])("is read as it was written: $kind", (note) => {
    expect(readNote(noteText(note))).toEqual(note);
  });

  it("that is none is none", () => {
    expect([readNote("{}"), readNote("hello"), readNote('{"kind":"signal"}')]).toEqual([null, null, null]);
  });

  it("is a line with its time, who said it, and what", () => {
    expect(noteLine(p95("240 ms, limit 200 ms"))).toBe(
      "2026-01-01T12:04:11Z  deniz         signal p95: 240 ms, limit 200 ms",
    );
  });
});
