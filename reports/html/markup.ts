/** HTML that is safe to embed: everything put into it was escaped, or was Markup itself. */
export interface Markup {
  readonly html: string;
}

type Part = Markup | readonly Markup[] | string | number;

/** Empty, for a section without content. */
export const NOTHING: Markup = { html: "" };

/**
 * Builds HTML from a template. Strings are escaped for text and for quoted attributes, so a value is safe
 * wherever a template allows one; a value in a tag outside quotes is an error in the template.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const text = strings.map((literal, index) => literal + render(parts[index])).join("");
  return { html: text };
}

/**
 * Marks a text as HTML that needs no escaping: kanit's own style sheets and scripts, nothing from a record.
 */
export function trusted(text: string): Markup {
  return { html: text };
}

/** JSON for a `<script type="application/json">`: it contains no `<`, which could end or begin an element. */
export function embedJson(value: unknown): Markup {
  return { html: JSON.stringify(value).replaceAll("<", "\\u003c") };
}

function render(part: Part | undefined): string {
  if (part === undefined) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escapeHtml(part);
  return "html" in part ? part.html : part.map((item) => item.html).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
