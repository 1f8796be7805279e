"""HTTP as a guest behaves: named, patient, never too fast, and never telling a key."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import tenacity

from sitegen import __version__
from sitegen.content.files import MAX_SOURCE_BYTES

ATTEMPTS = 4
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 2.0, 60.0
# A service that asks for more patience than this is asked again by the next fetch.
_LONGEST_RETRY_AFTER_SECONDS = 300.0
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_REDIRECTS = 5


class FetchError(Exception):
    """Why there is no answer, as the end of a sentence that begins with the source.

    Attributes:
        transient: asking again may help. ``after``: seconds that the service asks to wait.
    """

    def __init__(self, reason: str, *, transient: bool = False, after: float | None = None) -> None:
        super().__init__(reason)
        self.transient = transient
        self.after = after


class Response(msgspec.Struct, frozen=True):
    """A complete answer; ``status`` 200, or 304 for one that has not changed. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """As UTF-8 with ``\\n`` line ends, which all formats that are asked for are in."""
        decoded = self.content.decode("utf-8-sig", "replace")
        return decoded.replace("\r\n", "\n").replace("\r", "\n")


class Client:
    """Asks services, one request at a time.

    Args:
        site: the site's address. ``contact``: where its maker can be reached. Both are told to every service.
        sleep, now: the clock, in seconds. ``date``: seconds since 1970. Only tests give them.
    """

    def __init__(
        self,
        site: str,
        contact: str = "",
        *,
        attempts: int = ATTEMPTS,
        timeout: httpx.Timeout | float = _TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        date: Callable[[], float] = time.time,
    ) -> None:
        about = "; ".join(filter(None, (f"+{site}", contact)))
        agent = f"sitegen/{__version__} ({about})".encode("ascii", "replace").decode()
        # Proxies come from the environment (HTTPS_PROXY, NO_PROXY), as every program takes them.
        self._client = httpx.Client(timeout=timeout, headers={"User-Agent": agent})
        self._attempts = attempts
        self._sleep, self._now, self._date = sleep, now, date
        self._last: dict[str, float] = {}
        self.requests = 0

    def close(self) -> None:
        self._client.close()

    def get(
        self,
        url: str,
        parameters: dict[str, str] | None = None,
        *,
        headers: dict[str, str] | None = None,
        secrets: dict[str, str] | None = None,
        pause: float = 0.0,
        check: Callable[[Response], Any] | None = None,
    ) -> Response:
        """Ask until there is an answer, with growing pauses.

        Args:
            headers: besides the usual. ``secrets``: headers that are sent to this host alone, and never told.
            pause: seconds that must lie between two requests to this host.
            check: raises ``FetchError`` for an answer that is none.

        Raises:
            FetchError: when there is none.
        """
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, FetchError) and error.transient),
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        return attempts(self._once, url, parameters, headers or {}, secrets or {}, pause, check)

    def _once(
        self,
        url: str,
        parameters: dict[str, str] | None,
        headers: dict[str, str],
        secrets: dict[str, str],
        pause: float,
        check: Callable[[Response], Any] | None,
    ) -> Response:
        home = urlsplit(url)
        for _ in range(_REDIRECTS):
            place = urlsplit(url)
            sent = headers | (secrets if (place.scheme, place.netloc) == (home.scheme, home.netloc) else {})
            response = self._request(url, parameters, sent, pause)
            location = response.headers.get("location", "")
            if response.status not in (301, 302, 303, 307, 308) or not location:
                break
            # The address that the service names is complete.
            url, parameters = str(httpx.URL(url).join(location)), None
            if urlsplit(url).scheme not in ("http", "https"):
                raise FetchError("leads to an address that is none of the web")
        else:
            raise FetchError("leads from one address to the next without end")
        if response.status not in (200, 304):
            raise self._refusal(response)
        if check is not None and response.status == 200:
            check(response)
        return response

    def _request(self, url: str, parameters: dict[str, str] | None, headers: dict[str, str], pause: float) -> Response:
        host = urlsplit(url).netloc
        if host in self._last and (early := self._last[host] + pause - self._now()) > 0:
            self._sleep(early)
        self.requests += 1
        try:
            with self._client.stream("GET", url, params=parameters, headers=headers) as stream:
                body = bytearray()
                for piece in stream.iter_bytes():
                    body += piece
                    if len(body) > MAX_SOURCE_BYTES:
                        raise FetchError(f"sent more than {MAX_SOURCE_BYTES >> 20} MiB")
                return Response(stream.status_code, {k.lower(): v for k, v in stream.headers.items()}, bytes(body))
        except httpx.TimeoutException:
            raise FetchError(f"{host} did not answer in time", transient=True) from None
        except httpx.RemoteProtocolError:
            raise FetchError(f"{host} broke off its answer", transient=True) from None
        except httpx.InvalidURL:
            raise FetchError("has an address that is none") from None
        except httpx.HTTPError as error:
            # The error's own words may hold the whole address, and that a key.
            raise FetchError(f"{host} cannot be reached ({type(error).__name__})", transient=True) from None
        finally:
            self._last[host] = self._now()

    def _refusal(self, response: Response) -> FetchError:
        after = self._retry_after(response.headers.get("retry-after", ""))
        reason = f"answered {response.status}"
        if after is not None and after > _LONGEST_RETRY_AFTER_SECONDS:
            return FetchError(f"{reason} and asks for {after:.0f} seconds of patience")
        return FetchError(reason, transient=response.status in _TRANSIENT, after=after)

    def _retry_after(self, value: str) -> float | None:
        """Seconds, or a date (RFC 9110, 10.2.3)."""
        if value.strip().isdecimal():
            return float(value)
        try:
            return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - self._date())
        except (TypeError, ValueError, OverflowError):
            return None


_back_off = tenacity.wait_exponential(multiplier=_FIRST_WAIT_SECONDS, max=_LONGEST_WAIT_SECONDS) + tenacity.wait_random(
    0, _FIRST_WAIT_SECONDS
)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, FetchError) and error.after is not None:
        return error.after
    return _back_off(state)
