"""A bare Starlette echo: every frame goes to the others in the room, nothing is read or kept."""

from __future__ import annotations

import sys
from collections import defaultdict

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

rooms: dict[str, set[WebSocket]] = defaultdict(set)


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    room = rooms[websocket.path_params["room"]]
    room.add(websocket)
    try:
        while True:
            frame = await websocket.receive_bytes()
            for other in list(room):
                if other is not websocket:
                    await other.send_bytes(frame)
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        room.discard(websocket)


app = Starlette(routes=[WebSocketRoute("/{room}", echo)])
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False,
            ws_per_message_deflate=False)  # fmt: skip
