import { html, type Markup } from "./markup.ts";

/** A command line with a copy button. Without scripts the text can still be selected. */
export function command(label: string, text: string): Markup {
  return html`
<div class="command">
  <span class="command-label">${label}</span>
  <code>${text}</code>
  <button type="button" class="copy" data-needs-script aria-label="Copy the command: ${label}">Copy</button>
</div>`;
}
