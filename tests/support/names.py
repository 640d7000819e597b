"""Names for the objects that tests create on an engine, and their removal."""

import secrets
import time
from urllib.parse import quote, urlencode

from tests.support.engine import request, request_json

__all__ = ["LABEL", "Names"]

_TIMEOUT, _PAUSE = 60.0, 0.1
"""Seconds: the limit for the removal of an object, and the interval between attempts."""

LABEL = "aiodockerapi.tests"
"""The label of all objects of a `Names`; its value is unique to a test."""


class Names:
    """Generates unique names, and removes the objects with these names or with the label."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._token = secrets.token_hex(4)
        self._given: list[str] = []

    @property
    def labels(self) -> dict[str, str]:
        """Labels for containers without a generated name, which are removed too."""
        return {LABEL: self._token}

    def __call__(self, stem: str = "test") -> str:
        """Return a new name for a container, network, volume or repository."""
        name = f"{stem}-{self._token}-{len(self._given)}"
        self._given.append(name)
        return name

    def remove(self) -> None:
        """Remove the containers first, then the objects that they may have used."""
        filters = urlencode({"all": 1, "filters": f'{{"label":["{LABEL}={self._token}"]}}'})
        labelled = [item["Id"] for item in request_json(self._host, f"/containers/json?{filters}")]
        for name in [*labelled, *self._given]:
            self._delete(f"/containers/{quote(name)}?force=1&v=1")
        for name in self._given:
            for kind in ("networks", "volumes"):
                self._delete(f"/{kind}/{quote(name)}" + ("" if kind == "networks" else "?force=1"))
        for reference in self._images():
            self._delete(f"/images/{reference}?force=1")

    def _images(self) -> list[str]:
        """Return the tags and digests of the generated names, and the IDs of untagged images with the label."""
        found = []
        for image in request_json(self._host, "/images/json"):
            references = [*(image["RepoTags"] or ()), *(image["RepoDigests"] or ())]
            names = [reference.partition("@")[0].rpartition("/")[2].partition(":")[0] for reference in references]
            found += [one for one, name in zip(references, names, strict=True) if name in self._given]
            if not references or set(names) == {"<none>"}:
                labels = image["Labels"] or {}
                found += [image["Id"]] * (labels.get(LABEL) == self._token)
        return found

    def _delete(self, path: str) -> None:
        """Remove an object that may exist, and repeat the request while the daemon refuses it temporarily.

        The status is 409 while the daemon itself removes a container, 403 while an endpoint leaves a network, and 409 or 500
        while a killed process still uses a file system or a cgroup. If the error persists, the test fails.
        """
        deadline = time.monotonic() + _TIMEOUT
        while True:
            try:
                status, body = request(self._host, "DELETE", path)
                reason = f"{status} {body.decode(errors='replace').strip()}"
            except OSError as error:  # the daemon did not respond in time, or is being replaced
                status, reason = 0, repr(error)
            if status in {200, 204, 404}:  # 404: the test removed it, or never created it
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"left on {self._host}: DELETE {path} still returns {reason} after {_TIMEOUT:g} s")
            time.sleep(_PAUSE)
