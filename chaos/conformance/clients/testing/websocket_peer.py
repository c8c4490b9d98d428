"""A WebSocket peer of the package `websockets` with its default options, which compress with context takeover.

Prints one JSON object a line: {"port"} when it serves, {"extensions"} when a connection is open, {"message"} for each message
that arrives, {"error"} for what ends the connection. Sends each line of its standard input as a message.
"""

import asyncio
import json
import sys

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve


def tell(**what):
    print(json.dumps(what), flush=True)


async def send_lines(websocket):
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        await websocket.send(line.decode().rstrip("\n"))


async def converse(websocket):
    tell(extensions=websocket.response.headers.get("Sec-WebSocket-Extensions"))
    sending = asyncio.create_task(send_lines(websocket))
    try:
        async for message in websocket:
            tell(message=message)
    except Exception as error:
        tell(error=str(error))
    sending.cancel()


async def main():
    if len(sys.argv) > 1:
        async with connect(sys.argv[1]) as websocket:
            await converse(websocket)
    else:
        async with serve(converse, "127.0.0.1", 0) as server:
            tell(port=server.sockets[0].getsockname()[1])
            await asyncio.get_running_loop().create_future()


asyncio.run(main())
