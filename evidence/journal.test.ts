import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  appendFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import { createJournal, type Journal, journalOn } from "./journal.ts";
import { encodeLine, type JournalEntry } from "./journal-line.ts";
import { readJournal, verifyJournal } from "./journal-verification.ts";
import { createRedaction } from "./redaction.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kanit-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = { nowMs: () => Date.UTC(2025, 7, 1) };
const options = (path: string) => ({
  path,
  clock,
  redact: createRedaction(SecretRegistry.of("hunter2-secret")),
});
const newPath = () => join(folder, "journal.jsonl");
const start = (): Journal => createJournal(options(newPath()));
async function entriesOf(path: string): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of readJournal(path)) entries.push(entry);
  return entries;
}
const linesOf = (path: string) => readFileSync(path, "utf8").trimEnd().split("\n");

const ENDING = { verdict: "pass", manifest: "f".repeat(64), problems: [] } as const;

function writeThree(): string {
  using journal = start();
  journal.append("run.started", { seed: 7 });
  journal.append("fault.injected", { link: "postgres", latencyMs: 300 });
  journal.end(ENDING);
  return journal.path;
}

describe("the journal", () => {
  it("is intact after an orderly run, and ends with what the run came to", async () => {
    const path = writeThree();
    expect(await verifyJournal(path)).toMatchObject({
      kind: "intact",
      lines: 3,
      end: { kind: "stated", ending: ENDING },
    });
    const entries = await entriesOf(path);
    expect(entries.map(({ kind }) => kind)).toEqual(["run.started", "fault.injected", "journal.closed"]);
    expect(entries[1]).toMatchObject({
      sequence: 1,
      at: "2025-08-01T00:00:00.000Z",
      data: { latencyMs: 300 },
    });
  });

  it("reveals that a line was removed although the chain was recomputed", async () => {
    const [first, , last] = await entriesOf(writeThree());
    if (first === undefined || last === undefined) throw new RangeError("expected three entries");
    const one = encodeLine(first);
    const two = encodeLine({ ...last, sequence: 1, previous: one.hash });
    writeFileSync(newPath(), `${one.line}\n${two.line}\n`);
    expect(await verifyJournal(newPath())).toMatchObject({
      kind: "broken",
      atLine: 2,
      expected: "journal.closed of 2 lines",
      received: "journal.closed of 3 lines",
    });
  });

  it("reveals that a line was added after its end", async () => {
    const path = writeThree();
    const last = (await entriesOf(path)).at(-1);
    if (last === undefined) throw new RangeError("expected three entries");
    const added = encodeLine({ ...last, sequence: 3, kind: "run.ended", previous: last.hash });
    appendFileSync(path, `${added.line}\n`);
    expect(await verifyJournal(path)).toMatchObject({ kind: "broken", atLine: 4, received: "run.ended" });
  });

  it("reports when it was not closed", async () => {
    const journal = start();
    journal.append("run.started", {});
    const end = { kind: "open" };
    expect(await verifyJournal(journal.path)).toMatchObject({ kind: "intact", lines: 1, end });
    journal.close();
  });

  it("is intact, and not closed, when nothing was filed", async () => {
    writeFileSync(newPath(), "");
    const end = { kind: "open" };
    expect(await verifyJournal(newPath())).toEqual({ kind: "intact", lines: 0, head: null, end });
  });

  it("can be checked with SHA-256 alone: the hash covers the bytes before it", () => {
    let previous = "0".repeat(64);
    for (const line of linesOf(writeThree())) {
      const entry = JSON.parse(line);
      expect(entry.previous).toBe(previous);
      expect(entry.hash).toBe(createHash("sha256").update(line.slice(0, -75)).digest("hex"));
      previous = entry.hash;
    }
  });

  it("stays intact whatever is filed in it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 8 }), async (values) => {
        const path = join(mkdtempSync(join(folder, "case-")), "journal.jsonl");
        using journal = createJournal(options(path));
        for (const value of values) journal.append("test.value", { value });
        expect(await verifyJournal(path)).toMatchObject({ kind: "intact", lines: values.length });
      }),
      { numRuns: 40 },
    );
  });

  it("finds the line at which any single byte was changed", async () => {
    const path = writeThree();
    const original = readFileSync(path);
    const lineOf = (offset: number) =>
      original.subarray(0, offset).filter((byte) => byte === 0x0a).length + 1;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(original.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (offset, flip) => {
          const changed = Buffer.from(original);
          changed[offset] = (changed[offset] ?? 0) ^ flip;
          writeFileSync(path, changed);
          const verification = await verifyJournal(path);
          // When the last line feed is changed to another byte, the line is torn, not changed.
          if (offset === original.length - 1) expect(verification.kind).toBe("torn");
          else expect(verification).toMatchObject({ kind: "broken", atLine: lineOf(offset) });
        },
      ),
    );
  });

  it("hashes bytes and not characters: what no text can show is a change too", async () => {
    const path = newPath();
    using journal = start();
    journal.append("test.text", { text: "\ufffd" });
    const original = readFileSync(path);
    const at = original.indexOf(Buffer.from("\ufffd"));
    writeFileSync(
      path,
      Buffer.concat([original.subarray(0, at), Buffer.of(0xff), original.subarray(at + 3)]),
    );
    expect(await verifyJournal(path)).toMatchObject({ kind: "broken", atLine: 1 });
  });

  it("says when it was removed while it was written", () => {
    const journal = start();
    rmSync(journal.path);
    journal.append("run.started", {});
    expect(() => journal.end(ENDING)).toThrow(expect.objectContaining({ code: "evidence-removed" }));
    journal.close();
  });

  it("finds a removed and a swapped line, and says what it expected", async () => {
    const path = writeThree();
    const [first, second, third] = linesOf(path);
    writeFileSync(path, `${first}\n${third}\n`);
    expect(await verifyJournal(path)).toMatchObject({
      kind: "broken",
      lines: 1,
      atLine: 2,
      expected: "sequence 1",
      received: "sequence 2",
    });
    writeFileSync(path, `${second}\n${first}\n${third}\n`);
    expect(await verifyJournal(path)).toMatchObject({ kind: "broken", atLine: 1 });
    expect(await entriesOf(path)).toEqual([]);
  });

  it("finds a line that was rewritten together with its own hash", async () => {
    const path = writeThree();
    const [first = "", ...rest] = linesOf(path);
    const body = first.slice(0, -75).replace('"seed":7', '"seed":8');
    const forged = `${body},"hash":"${createHash("sha256").update(body).digest("hex")}"}`;
    writeFileSync(path, `${[forged, ...rest].join("\n")}\n`);
    expect(await verifyJournal(path)).toMatchObject({ kind: "broken", atLine: 2 });
  });

  it("reports a torn last line and still reads the lines before it", async () => {
    const path = writeThree();
    truncateSync(path, readFileSync(path).length - 20);
    expect(await verifyJournal(path)).toMatchObject({ kind: "torn", lines: 2 });
    expect(await entriesOf(path)).toHaveLength(2);
  });

  it("keeps secrets out", () => {
    using journal = start();
    journal.append("call.made", {
      url: "/order?key=hunter2-secret",
      headers: { "X-MBX-APIKEY": "abcdef123" },
    });
    const text = readFileSync(journal.path, "utf8");
    expect(text).not.toMatch(/hunter2|abcdef123/);
    expect(text).toContain("[redacted]");
  });

  it("never overwrites the journal of another run", () => {
    const path = writeThree();
    const before = readFileSync(path, "utf8");
    expect(() => createJournal(options(path))).toThrow(expect.objectContaining({ code: "journal-exists" }));
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  it("refuses an invalid kind, and anything after it was closed", () => {
    const journal = start();
    expect(() => journal.append("Fault injected", {})).toThrow(
      expect.objectContaining({ code: "bad-journal-kind" }),
    );
    journal.close();
    journal.close();
    expect(() => journal.append("late", {})).toThrow(expect.objectContaining({ code: "journal-closed" }));
  });

  it("reports that the disk is full, with the same error each time", () => {
    const journal = journalOn(openSync("/dev/full", "w"), options("/dev/full"));
    const full = expect.objectContaining({ code: "disk-full", exitCode: 69 });
    expect(() => journal.append("run.started", {})).toThrow(full);
    expect(() => journal.append("run.started", {})).toThrow(full);
    journal.close();
  });

  it("names the missing folder", () => {
    const path = join(folder, "absent", "journal.jsonl");
    expect(() => createJournal(options(path))).toThrow(/absent.*ENOENT/);
  });
});

describe("a writer that is killed", () => {
  it("leaves every line that it filed", async () => {
    const path = newPath();
    const modules = ["journal.ts", "redaction.ts"].map((name) => new URL(name, import.meta.url).href);
    const program = `
      import { createJournal } from ${JSON.stringify(modules[0])};
      import { createRedaction } from ${JSON.stringify(modules[1])};
      const journal = createJournal({ path: ${JSON.stringify(path)}, clock: { nowMs: Date.now }, redact: createRedaction({ filter: (text) => text }) });
      // Bounded, and it hears of a reader that is gone: nothing must outlive a test that was killed itself.
      for (let line = 0; line < 200_000; line++) {
        const { sequence } = journal.append("test.line", { padding: "x".repeat(500) });
        if (!process.stdout.write(sequence + "\\n")) await new Promise((resolve) => setImmediate(resolve));
      }
    `;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let acknowledged = "";
    for await (const chunk of child.stdout) {
      acknowledged += chunk;
      if (acknowledged.split("\n").length > 300) break;
    }
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    const lastAcknowledged = Number(acknowledged.split("\n").at(-2));
    const verification = await verifyJournal(path);
    expect(verification.kind).not.toBe("broken");
    expect(verification.lines).toBeGreaterThan(lastAcknowledged);
  });
});
