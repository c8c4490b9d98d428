import { openWebSocket } from "../../../network/index.ts";

const HANDSHAKE_MS = 3_000;

/**
 * Opens a socket at `url` and closes it again, `count` times one after the other, like clients that
 * connect briefly: what a platform fails to release for one client, it then holds `count` times.
 * Returns how many were accepted.
 */
export async function churnSockets(url: string, count: number): Promise<number> {
  const socketUrl = url.replace(/^http/, "ws");
  let accepted = 0;
  for (let done = 0; done < count; done++) if (await openAndClose(socketUrl)) accepted += 1;
  return accepted;
}

function openAndClose(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openWebSocket(url, [], { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS });
    let isOpen = false;
    socket.on("open", () => {
      isOpen = true;
      socket.close();
    });
    // An error is always followed by close.
    socket.on("error", () => socket.terminate());
    socket.on("close", () => resolve(isOpen));
  });
}
