import { openWebSocket } from "../../../network/index.ts";

const HANDSHAKE_MS = 3_000;

/**
 * Opens the quotes' socket and closes it again, so many times one after the other, as people who look in for a moment
 * do: what a platform keeps of each client is then there so many times. Gives how many were let in.
 */
export async function visitBriefly(url: string, visits: number): Promise<number> {
  let welcomed = 0;
  for (let count = 0; count < visits; count++) if (await visitOnce(url.replace(/^http/, "ws"))) welcomed += 1;
  return welcomed;
}

function visitOnce(url: string): Promise<boolean> {
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
