import type { Verdict } from "../../core/index.ts";
import { html, type Markup, trusted } from "./markup.ts";

/** Each verdict has a different shape, so that color is not the only difference. */
const SHAPES: Readonly<Record<Verdict, Markup>> = {
  pass: trusted('<circle cx="12" cy="12" r="11"/><path d="M6.8 12.4l3.6 3.6 6.8-7.6"/>'),
  fail: trusted('<path d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z"/><path d="M8 8l8 8M16 8l-8 8"/>'),
  inconclusive: trusted(
    '<path d="M12 .6 23.4 12 12 23.4.6 12z"/><path d="M9.5 9.7c0-3.2 5-3.2 5 0 0 1.9-2.5 2-2.5 3.8M12 16.6v.2"/>',
  ),
};

/** The sign of a verdict, hidden from screen readers because the word is beside it. */
export function verdictSign(verdict: Verdict): Markup {
  return html`<svg class="sign ${verdict}" viewBox="0 0 24 24" aria-hidden="true">${SHAPES[verdict]}</svg>`;
}

/** Sign and word. */
export function verdictMark(verdict: Verdict): Markup {
  return html`<span class="mark ${verdict}">${verdictSign(verdict)}<span>${verdict}</span></span>`;
}
