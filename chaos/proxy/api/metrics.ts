import type { Stream } from "../decision.ts";
import type { Link } from "../link.ts";

const STREAMS: readonly Stream[] = ["upstream", "downstream"];

/**
 * The byte counters of Toxiproxy's `-proxy-metrics`, in Prometheus's text format, including open connections.
 */
export function formatMetrics(links: readonly Link[]): string {
  const totals = links.map((link) => ({ link, bytes: link.byteTotals() }));
  return (["received", "sent"] as const)
    .map((way) => {
      const name = `toxiproxy_proxy_${way}_bytes_total`;
      const lines = totals.flatMap(({ link, bytes }) =>
        STREAMS.map((stream) => `${name}{${labels(link, stream)}} ${bytes[stream][way]}\n`),
      );
      return `# HELP ${name} Bytes ${way} by the proxy, in the direction.\n# TYPE ${name} counter\n${lines.join("")}`;
    })
    .join("");
}

function labels(link: Link, direction: Stream): string {
  const { name: proxy, listen: listener, upstream } = link;
  return Object.entries({ direction, listener, proxy, upstream })
    .map(([label, value]) => `${label}="${value.replace(/[\\"\n]/g, escapeCharacter)}"`)
    .join(",");
}

function escapeCharacter(character: string): string {
  return character === "\n" ? "\\n" : `\\${character}`;
}
