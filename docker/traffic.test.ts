import { describe, expect, it } from "vitest";
import { endedBytes, openConnections } from "./traffic.ts";

const POSTGRES = { name: "postgres", listen: "0.0.0.0:20003", upstream: "postgres:5432" };
const SS = `
ESTAB      0 0 [::ffff:172.19.0.3]:20003 [::ffff:172.19.0.2]:50690 bbr wscale:10,10 rto:204 bytes_sent:9 bytes_acked:9 bytes_received:40145 segs_out:1
ESTAB      0 0 172.19.0.3:48486 172.19.0.4:5432 bbr wscale:10,10 bytes_sent:40145 bytes_acked:40146 bytes_received:23998 segs_out:3
CLOSE-WAIT 1 0 172.19.0.3:48490 172.19.0.4:5432 bbr wscale:10,10 bytes_sent:12 segs_out:3
ESTAB      0 0 172.19.0.3:20002 172.19.0.5:50150 bbr bytes_received:184
ESTAB      0 0 127.0.0.1:21002 127.0.0.1:39708 bbr bytes_received:77
`;

describe("the traffic of a link", () => {
  it("is what was received from clients on its port, and from its server on connections to it", () => {
    expect(openConnections(SS, POSTGRES)).toEqual({
      upstream: { "[::ffff:172.19.0.2]:50690": 40_145 },
      downstream: { "172.19.0.3:48486": 23_998, "172.19.0.3:48490": 0 },
    });
  });

  it("does not mistake a server in the same network for the proxy's own end", () => {
    const link = { name: "binance-ws", listen: "0.0.0.0:20005", upstream: "127.0.0.1:21002" };
    expect(openConnections(SS, link)).toEqual({ upstream: {}, downstream: {} });
  });

  it("counts ended connections by Toxiproxy's metrics, over all listeners of the link, in its direction", () => {
    const metrics = [
      "# TYPE toxiproxy_proxy_received_bytes_total counter",
      'toxiproxy_proxy_received_bytes_total{direction="downstream",listener="[::]:20003",proxy="postgres",upstream="a:1"} 792',
      'toxiproxy_proxy_received_bytes_total{direction="downstream",listener="[::]:20003",proxy="postgres",upstream="b:1"} 1.5e+06',
      'toxiproxy_proxy_received_bytes_total{direction="upstream",listener="[::]:20003",proxy="postgres",upstream="a:1"} 90',
      'toxiproxy_proxy_received_bytes_total{direction="downstream",listener="[::]:20001",proxy="api",upstream="c:1"} 7',
      'toxiproxy_proxy_sent_bytes_total{direction="downstream",listener="[::]:20003",proxy="postgres",upstream="a:1"} 5',
    ].join("\n");
    expect(endedBytes(metrics, "postgres", "downstream")).toBe(1_500_792);
    expect(endedBytes(metrics, "postgres", "upstream")).toBe(90);
    expect(endedBytes(metrics, "bist-ws", "upstream")).toBe(0);
  });
});
