from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from services_world import FAULTS, Clock, Fault, World, serving

from sitegen.sources.http import Client, FetchError

DOCUMENT = "/list.json"


@pytest.fixture
def world() -> World:
    made = World(datetime.date(2026, 11, 16))
    made.documents[DOCUMENT] = ('[{"title": "On lists"}]', '"first"')
    return made


@pytest.fixture
def endpoint(world: World) -> Iterator[str]:
    with serving(world) as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Iterator[Client]:
    made = Client("https://papers.example/", "editor@papers.example", sleep=clock.sleep, now=clock.now, timeout=0.25)
    yield made
    made.close()


def test_the_site_and_its_contact_are_told(client: Client, endpoint: str, world: World) -> None:
    client.get(endpoint + DOCUMENT)
    agent = world.requests[0][2]["user-agent"]
    assert agent.startswith("sitegen/")
    assert "(+https://papers.example/; editor@papers.example)" in agent


@pytest.mark.parametrize("name", ["too many", "broken", "away", "hang up", "cut off", "too slow"])
def test_what_may_pass_is_asked_again_until_it_has(
    client: Client, endpoint: str, world: World, clock: Clock, name: str
) -> None:
    world.fault[DOCUMENT], world.times[DOCUMENT] = FAULTS[name], 2
    assert client.get(endpoint + DOCUMENT).text.startswith("[{")
    assert len(world.requests) == 3
    assert len(clock.slept) == 2


@pytest.mark.parametrize("name", ["too many", "broken", "hang up", "cut off"])
def test_what_does_not_pass_ends_with_its_reason(client: Client, endpoint: str, world: World, name: str) -> None:
    world.fault[DOCUMENT] = FAULTS[name]
    with pytest.raises(FetchError, match=r"answered (429|500)|broke off|cannot be reached"):
        client.get(endpoint + DOCUMENT)
    assert len(world.requests) == 4


@pytest.mark.parametrize("fault", [Fault(406), Fault(403), Fault(401)])
def test_a_refusal_is_not_asked_again(client: Client, endpoint: str, world: World, fault: Fault) -> None:
    world.fault[DOCUMENT] = fault
    with pytest.raises(FetchError, match=f"answered {fault.status}"):
        client.get(endpoint + DOCUMENT)
    assert len(world.requests) == 1


def test_a_service_says_how_long_to_wait(client: Client, endpoint: str, world: World, clock: Clock) -> None:
    world.fault[DOCUMENT], world.times[DOCUMENT] = Fault(503, headers={"Retry-After": "41"}), 1
    client.get(endpoint + DOCUMENT)
    assert clock.slept == [41.0]


def test_it_may_say_so_as_a_date(endpoint: str, world: World, clock: Clock) -> None:
    header = {"Retry-After": "Mon, 16 Nov 2026 08:00:30 GMT"}
    world.fault[DOCUMENT], world.times[DOCUMENT] = Fault(429, headers=header), 1
    now = datetime.datetime(2026, 11, 16, 8, tzinfo=datetime.UTC).timestamp()
    client = Client("https://papers.example/", sleep=clock.sleep, now=clock.now, date=lambda: now)
    client.get(endpoint + DOCUMENT)
    client.close()
    assert clock.slept == [30.0]


def test_too_much_patience_is_a_failure_for_today(client: Client, endpoint: str, world: World, clock: Clock) -> None:
    world.fault[DOCUMENT] = Fault(429, headers={"Retry-After": "86400"})
    with pytest.raises(FetchError, match="asks for 86400 seconds of patience"):
        client.get(endpoint + DOCUMENT)
    assert clock.slept == []


def test_pauses_grow(client: Client, endpoint: str, world: World, clock: Clock) -> None:
    world.fault[DOCUMENT] = FAULTS["broken"]
    with pytest.raises(FetchError):
        client.get(endpoint + DOCUMENT)
    first, second, third = clock.slept
    assert 2 <= first <= 4
    assert 4 <= second <= 6
    assert 8 <= third <= 10


def test_requests_to_one_host_keep_their_distance(client: Client, endpoint: str, clock: Clock) -> None:
    for _ in range(3):
        client.get(endpoint + DOCUMENT, pause=3.0)
    assert clock.slept == [3.0, 3.0]
    clock.seconds += 2
    client.get(endpoint + DOCUMENT, pause=3.0)
    assert clock.slept[-1] == 1.0


def test_an_unchanged_document_is_not_sent_again(client: Client, endpoint: str) -> None:
    first = client.get(endpoint + DOCUMENT)
    again = client.get(endpoint + DOCUMENT, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.content) == (304, b"")


def test_a_key_goes_to_its_host_alone_and_into_no_message(client: Client, endpoint: str, world: World) -> None:
    with serving(world) as other:
        world.fault[DOCUMENT] = Fault(302, headers={"Location": f"{other}/else.json"})
        world.documents["/else.json"] = ("[]", "")
        client.get(endpoint + DOCUMENT, secrets={"x-api-key": "hush"})
    assert [headers.get("x-api-key") for _, _, headers in world.requests] == ["hush", None]
    world.fault[DOCUMENT] = FAULTS["not acceptable"]
    with pytest.raises(FetchError) as caught:
        client.get(endpoint + DOCUMENT, {"q": "private"}, secrets={"x-api-key": "hush"})
    assert "hush" not in str(caught.value)
    assert "private" not in str(caught.value)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "/list.json"])
def test_redirects_lead_to_the_web_and_to_an_end(client: Client, endpoint: str, world: World, location: str) -> None:
    world.fault[DOCUMENT] = Fault(302, headers={"Location": location})
    with pytest.raises(FetchError, match=r"none of the web|without end"):
        client.get(endpoint + DOCUMENT)


def test_a_host_that_is_not_there_is_told_without_the_address(client: Client) -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:9 cannot be reached"):
        client.get("http://127.0.0.1:9/list?key=hush")
