"""A preview that runs while a test looks at it."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sitegen.serve.preview import Preview
from sitegen.serve.server import PreviewServer
from sitegen.serve.watch import Burst

PATIENCE = 10.0  # seconds; only ever waited for in full when a test fails
QUICK = Burst(quiet=0.02, patience=0.2, spacing=0.1)


@contextmanager
def running(preview: Preview) -> Iterator[None]:
    ready = threading.Event()
    thread = threading.Thread(target=preview.run, args=(ready.set,))
    thread.start()
    assert ready.wait(PATIENCE)
    try:
        yield
    finally:
        preview.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def get(server: PreviewServer, path: str = "/") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def eventually(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False
