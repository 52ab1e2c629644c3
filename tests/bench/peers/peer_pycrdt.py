"""pycrdt-websocket with its SQLite store, one store a room, as its documentation combines them."""

from __future__ import annotations

import logging
import sys

import uvicorn
from pycrdt.store import SQLiteYStore
from pycrdt.websocket import ASGIServer, WebsocketServer, YRoom
from pycrdt.websocket.websocket_server import exception_logger

PORT, DATABASE = int(sys.argv[1]), sys.argv[2]
logging.basicConfig(level=logging.ERROR)


class Store(SQLiteYStore):
    db_path = DATABASE


class Rooms(WebsocketServer):
    async def get_room(self, name: str) -> YRoom:
        if name not in self.rooms:
            store = Store(name)
            room = self.rooms[name] = YRoom(ready=False, ystore=store, exception_handler=exception_logger)
            await self.start_room(room)
            async with store.start_lock:
                if not store.started.is_set():
                    await self._task_group.start(store.start)
            try:
                await store.apply_updates(room.ydoc)
            except Exception as error:
                if type(error).__name__ != "YDocNotFound":
                    raise
            room.ready = True
        else:
            room = self.rooms[name]
            await self.start_room(room)
            await room.ready_event.wait()
        return room


rooms = Rooms(exception_handler=exception_logger)
serve = ASGIServer(rooms)


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        async with rooms:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})
    elif scope["type"] == "websocket":
        await serve(scope, receive, send)


uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="error", access_log=False)
