import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROJECT_DIRECTORY } from "./directories.ts";
import { IGNORED_AND_TRACKED, PAGES, PROJECT_FILES, readProjectFile, SOURCE_FILES } from "./project-files.ts";

const MAX_FILE_LINES = 300;
const MAX_COMMENT_COLUMNS = 120;
const MAX_FILE_BYTES = 300_000;

const isTest = (file: string) => /\.(test|scenario)\.ts$|\/testing\//.test(file);
/** This file contains the patterns that it forbids. */
const others = SOURCE_FILES.filter((file) => file !== "project/tidy.test.ts");

/** The places of a pattern, as `file:line`. */
function placesOf(pattern: RegExp, files: readonly string[] = others): string[] {
  return files.flatMap((file) =>
    readProjectFile(file)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  );
}

describe("the house is tidy: it has", () => {
  it("no source file of more than 300 lines", () => {
    const long = SOURCE_FILES.filter((file) => readProjectFile(file).split("\n").length - 1 > MAX_FILE_LINES);
    expect(long).toEqual([]);
  });

  it("no comment line of more than 120 columns", () => {
    const isLongComment = new RegExp(`^(?=.{${MAX_COMMENT_COLUMNS + 1}}) *(?:/\\*\\*|\\*|//)(?!.*https?:)`);
    expect(placesOf(isLongComment)).toEqual([]);
  });

  it("no large and no generated file, since both grow every clone", () => {
    const large = PROJECT_FILES.filter(
      (file) => statSync(join(PROJECT_DIRECTORY, file)).size > MAX_FILE_BYTES,
    );
    expect(large).toEqual([]);
    expect(IGNORED_AND_TRACKED).toEqual([]);
  });

  it("no white space at the end of a line, and no tab in a source file", () => {
    expect(placesOf(/\s$|\t/)).toEqual([]);
  });

  it("no test that is switched off without a condition, and none that runs alone", () => {
    // `test.skip("why")` inside a test is visible in the summary: it is decided when the machine
    // turns out to lack something.
    expect(placesOf(/\b(?:it|describe)\.(?:only|skip|todo)\b|\btest\.(?:only|todo|skip\([^()]*,)/)).toEqual(
      [],
    );
  });

  it("no test that is repeated until it passes", () => {
    expect(placesOf(/\bretry:\s*\d|--retry/)).toEqual([]);
  });

  it("no outgoing connection except in network/, which checks every host", () => {
    const connects =
      /(?<![\w.#])fetch\(|new WebSocket\(|\bhttps?\.(?:get|request)\(|\b(?:net|tls)\.connect\(/;
    // Separate programs: the platform under test, benchmarks, scripts of k6 and of images; and tests.
    const apart =
      /^(?:network|platform|bench|docker|load\/k6|chaos\/conformance)\/|^exchanges\/clients\/|\/test-[^/]+$/;
    const code = others.filter((file) => !isTest(file) && !apart.test(file));
    expect(placesOf(connects, code)).toEqual([]);
  });

  it("no YAML that users write is read but by readYaml, since others take for ever on some", () => {
    const reads = /\bparse\w*\b.* from "yaml"/;
    // A rule's texts are read as Go reads them; the rules that are exported are kanit's own.
    const apart = new Set(["syntax/yaml-source.ts", "signals/yaml-texts.ts", "signals/exports/rules.ts"]);
    const shipped = others.filter((file) => !isTest(file) && !/^(?:bench|project)\//.test(file));
    expect(
      placesOf(
        reads,
        shipped.filter((file) => !apart.has(file)),
      ),
    ).toEqual([]);
  });

  it("no file that a user names is read without a limit of its size", () => {
    const reads = /\b(?:readFile|readFileSync|createReadStream)\(/;
    const commands = others.filter((file) => /^cli\//.test(file) && !isTest(file));
    expect(placesOf(reads, commands)).toEqual([]);
  });

  it("no path of its own module except with ownModule, since it differs in a package", () => {
    const shipped = others.filter((file) => !isTest(file) && !/^(?:bench|project)\//.test(file));
    expect(placesOf(/new URL\([^)]*\.ts["`]/, shipped)).toEqual([]);
  });

  it("nothing in a package that Node 22 lacks", () => {
    const newer = /\bnew (?:Async)?DisposableStack\b|import\.meta\.main\b|\bPromise\.try\(/;
    const shipped = others.filter((file) => !/^(?:bench|project)\//.test(file) && !isTest(file));
    expect(placesOf(newer, shipped)).toEqual([]);
  });

  it("no randomness in code without a seed", () => {
    // k6 and the jitter of the platform's reconnections are not part of what a seed repeats.
    const unseeded = new Set(["load/k6/order-flow.ts", "platform/feeds/reconnecting-socket.ts"]);
    const code = others.filter((file) => !isTest(file) && !unseeded.has(file));
    expect(placesOf(/\bMath\.random\(/, code)).toEqual([]);
  });

  it("no note to do something later", () => {
    expect(placesOf(/\b(?:TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
  });

  it("no disabled check without a reason", () => {
    expect(placesOf(/biome-ignore(?![^:]*: \S)|@ts-(?:ignore|nocheck)/)).toEqual([]);
  });

  it("no folder or file with a meaningless name", () => {
    const vague = /(^|\/|-)(utils?|helpers?|managers?|misc|common|parts)(\/|-|\.|$)/;
    expect(PROJECT_FILES.filter((file) => vague.test(file))).toEqual([]);
  });

  it("no docstring and no name in words that programmers elsewhere do not use for it", () => {
    // What a function does is: it returns, reports, receives, checks.
    expect(placesOf(/^\s*(?:\/\*\*|\*) (?:Gives(?! up\b)|Tells|Hears|Says)\b/)).toEqual([]);
    const word = "(?:told|tell|telling|heard|hear|wish|wishes)";
    expect(placesOf(new RegExp(`\\b(?:const|let|function|readonly|get) #?${word}\\b`))).toEqual([]);
  });

  it("American spelling, except in what venues send and in HTML attributes", () => {
    const british = new RegExp(
      "behaviour|colour|favour|honour|neighbour|catalogue|judgement|learnt|misspelt|\\bgrey\\b|" +
        "(?<!aria-)labelled|" +
        "(?:summar|recogn|normal|organ|serial|initial|author|synchron|optim|minim|capital)is(?:e|ing|ation)",
      "i",
    );
    expect(placesOf(british, [...others, ...PAGES])).toEqual([]);
    expect(placesOf(/\bcancell(?:ed|ing)\b/)).toEqual([]);
  });
});
