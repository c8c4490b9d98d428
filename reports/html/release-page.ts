import { counted, type Verdict } from "../../core/index.ts";
import type { Finding } from "../../evidence/index.ts";
import { formatBytes, formatCommit, formatTimestamp } from "./format.ts";
import { html, type Markup, NOTHING, trusted } from "./markup.ts";
import { ownFile } from "./report-page.ts";
import { verdictSign } from "./verdict-mark.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
/** The folder of one run has many files, of which the page lists what a reader opens first. */
const MOST_FILES = 300;

/** A file of the archive. */
interface ReleasePageFile {
  /** In the payload. */
  readonly path: string;
  /** What it shows; null for what no list of evidence names. */
  readonly title: string | null;
  readonly bytes: number;
}

/** Something that happened to the archive. */
interface ReleasePageEvent {
  readonly at: string;
  /** In a few words: `filed`, `seal 1`. */
  readonly what: string;
  readonly command: string | null;
  readonly commit: string | null;
  readonly target: string | null;
  readonly files: readonly ReleasePageFile[];
}

/** A signature, and who made it. */
interface ReleasePageSignature {
  readonly what: string;
  /** Null when its key is not among those given, or it does not count. */
  readonly person: string | null;
  readonly at: string | null;
  readonly note: string;
}

/** What is known of a release. */
export interface ReleasePage {
  readonly release: string;
  readonly archive: string;
  readonly follows: string | null;
  readonly verdict: Verdict;
  readonly madeAt: string;
  readonly commit: string | null;
  /** The digest of the last sealed manifest; null when it is not sealed. */
  readonly evidence: string | null;
  readonly findings: readonly Finding[];
  readonly signatures: readonly ReleasePageSignature[];
  /** In the order of time. */
  readonly events: readonly ReleasePageEvent[];
}

/** Renders the story of a release as one HTML file without script, beside the archive's folder. */
export function renderReleaseHtml(page: ReleasePage): string {
  const { release, verdict } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="kanit-verdict" content="${verdict}">
<title>${verdict.toUpperCase()}: the evidence of ${release}</title>
<style>${[ownFile("style.css"), ownFile("release.css")].map(trusted)}</style>
</head>
<body>
<main>
${header(page)}
${open(page)}
${signatures(page)}
<section class="overview" aria-labelledby="story">
  <div class="section-head"><h2 id="story">What happened</h2><p class="quiet">in the order of time</p></div>
  <ol class="story">${page.events.map((event) => eventItem(event, page.archive))}</ol>
</section>
<footer>Made ${formatTimestamp(page.madeAt)} from <a href="${hrefOf(page.archive, "")}">${page.archive}</a>. This page is no
  evidence: <code>sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt</code> in that folder checks every byte, and
  <code>kanit evidence verify ${release} --keys …</code> who signed it.</footer>
</main>
</body>
</html>
`.html;
}

function header(page: ReleasePage): Markup {
  const { release, verdict, findings, events, signatures, commit, evidence, follows } = page;
  const files = events.flatMap((event) => event.files);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const isOpen = findings.filter((finding) => finding.verdict !== "pass").length;
  const people = new Set(signatures.flatMap(({ person }) => (person === null ? [] : [person])));
  const facts = [
    { name: "Files", value: String(files.length), note: formatBytes(bytes) },
    {
      name: "Commit",
      value: formatCommit(commit ?? "unknown"),
      note: follows === null ? "first attempt" : `follows ${follows}`,
    },
    {
      name: "Sealed evidence",
      value: evidence === null ? "not sealed" : evidence.slice(0, 12),
      note: evidence ?? "",
    },
    { name: "Signed by", value: String(people.size), note: [...people].join(", ") },
  ];
  const lead =
    verdict === "pass"
      ? "Whole, unchanged, sealed, and released by the people below."
      : `${counted(isOpen, "thing")} to know before anybody relies on it.`;
  return html`
<header class="page-header ${verdict}">
  <p class="eyebrow"><span class="brand">kanit</span> The evidence of a release</p>
  <h1>${verdictSign(verdict)}<span>${release}</span></h1>
  <p class="lead">${lead}</p>
  <dl class="facts">${facts.map(
    ({ name, value, note }) => html`
    <div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`,
  )}
  </dl>
</header>`;
}

function open({ findings }: ReleasePage): Markup {
  const list = [...withVerdict("fail", findings), ...withVerdict("inconclusive", findings)];
  const kept = withVerdict("pass", findings);
  return html`
<section class="overview" aria-labelledby="found">
  <h2 id="found">What is missing or open</h2>
  ${list.length === 0 ? html`<p class="empty">Nothing.</p>` : NOTHING}
  <ul class="plain found">${[...list, ...kept].map(
    ({ verdict, line }) => html`
    <li class="${verdict}">${verdictSign(verdict)}<span>${line}</span></li>`,
  )}
  </ul>
</section>`;
}

function withVerdict(verdict: Verdict, findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((finding) => finding.verdict === verdict);
}

function signatures({ signatures }: ReleasePage): Markup {
  const rows = signatures.map(
    ({ what, person, at, note }) => html`
    <tr><td>${what}</td><td>${person ?? "nobody known"}</td><td>${at === null ? "" : formatTimestamp(at)}</td><td>${note}</td></tr>`,
  );
  return html`
<section class="overview" aria-labelledby="signed">
  <h2 id="signed">Who signed what</h2>
  ${rows.length === 0 ? html`<p class="empty">Nobody signed anything.</p>` : NOTHING}
  <div class="scroll"><table><thead><tr><th>What</th><th>Who</th><th>When</th><th></th></tr></thead>
  <tbody>${rows}</tbody></table></div>
</section>`;
}

function eventItem({ at, what, command, commit, target, files }: ReleasePageEvent, archive: string): Markup {
  const top = files.filter(({ path }) => !path.includes("/"));
  const below = files.filter(({ path }) => path.includes("/"));
  return html`
  <li>
    <p class="when"><time datetime="${at}">${formatTimestamp(at)}</time> <strong>${what}</strong>
      ${commit === null ? NOTHING : html`<span class="quiet">commit ${formatCommit(commit)}</span>`}
      ${target === null ? NOTHING : html`<span class="quiet">${target}</span>`}</p>
    ${command === null ? NOTHING : html`<p><code>${command}</code></p>`}
    ${fileList(top, archive)}
    ${below.length === 0 ? NOTHING : html`<details><summary>${counted(below.length, "file")} of runs and signatures</summary>${fileList(below, archive)}</details>`}
  </li>`;
}

function fileList(files: readonly ReleasePageFile[], archive: string): Markup {
  if (files.length === 0) return NOTHING;
  const left = files.length - MOST_FILES;
  return html`<ul class="files">${files.slice(0, MOST_FILES).map(
    ({ path, title, bytes }) => html`
      <li><a href="${hrefOf(archive, `data/${path}`)}">${path}</a> <span class="quiet">${title ?? ""} ${formatBytes(bytes)}</span></li>`,
  )}${left > 0 ? html`<li class="quiet">and ${left} more in the folder</li>` : NOTHING}</ul>`;
}

/** From the page, which lies beside the archive's folder. */
function hrefOf(archive: string, path: string): string {
  return `./${[archive, ...path.split("/")].map(encodeURIComponent).join("/")}`;
}
