"""A model from the Hugging Face hub, in one file that can be fetched in several goes."""

from __future__ import annotations

import time

import httpx2

from pytest_compiled_ai.errors import ModelFileError
from pytest_compiled_ai.providers.partial import Partial
from pytest_compiled_ai.providers.progress import Progress

HUB = "https://huggingface.co"
TRIES = 5


def append_rest(partial: Partial, progress: Progress, hub: str = HUB, pause: float = 1.0) -> None:
    """Fetch what is missing; a broken connection is taken up again, after `pause` seconds at first.

    Raises:
        ModelFileError: the hub cannot be reached, or refuses the file.
        OSError: the disk is full or cannot be written.
    """
    entry = partial.entry
    url = f"{hub}/{entry.hub}/resolve/main/{entry.file}"
    last = ""
    with httpx2.Client(follow_redirects=True, timeout=httpx2.Timeout(60.0, connect=10.0)) as client:
        for tries in range(TRIES):
            if tries:
                time.sleep(pause * 2 ** (tries - 1))
            try:
                _append_once(client, url, partial, progress)
            except httpx2.TransportError as error:
                last = f"{type(error).__name__}: {error}"
            if partial.length() == entry.size:
                return
    raise ModelFileError(
        f"{url} broke off {TRIES} times ({last or 'the file is too short'}); "
        "run the same command again: it goes on where it stopped."
    )


def _append_once(client: httpx2.Client, url: str, partial: Partial, progress: Progress) -> None:
    start = partial.length()
    if start == partial.entry.size:
        return
    # A compressed reply would make the offsets mean something else.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code >= 500:
            raise httpx2.TransportError(f"status {response.status_code}")
        if response.status_code not in {200, 206}:
            raise ModelFileError(f"{url} answers {response.status_code}; use --from pypi or --from PATH.")
        at = start if response.status_code == 206 else 0
        progress.start(partial.entry.size, f"fetching {partial.entry.name}")
        progress.advance(at)
        partial.append(response.iter_raw(), at=at)
