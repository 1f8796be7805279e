"""A preview that runs while a test looks at it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from patience import PATIENCE

from sitegen.serve.preview import Preview
from sitegen.serve.server import PreviewServer
from sitegen.serve.watch import Debounce

QUICK = Debounce(quiet=0.02, max_wait=0.2, spacing=0.1)


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
