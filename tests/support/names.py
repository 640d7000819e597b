"""Names for what tests make on an engine, and the broom that removes it."""

import secrets
import time
from urllib.parse import quote, urlencode

from tests.support.engine import request, request_json

__all__ = ["LABEL", "Names"]

_PATIENCE, _PAUSE = 60.0, 0.1
"""Seconds: how long the daemon may take to end what it is about, and how often it is asked."""

LABEL = "aiodockerapi.tests"
"""The label that everything made under a `Names` should bear; its value is that of one test."""


class Names:
    """Gives out names that nothing else on the engine has; afterwards removes what bears them, or the label."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._token = secrets.token_hex(4)
        self._given: list[str] = []

    @property
    def labels(self) -> dict[str, str]:
        """Labels for what gets no name of ours: a container is removed for them too."""
        return {LABEL: self._token}

    def __call__(self, stem: str = "test") -> str:
        """A new name: for a container, a network, a volume, a repository."""
        name = f"{stem}-{self._token}-{len(self._given)}"
        self._given.append(name)
        return name

    def remove(self) -> None:
        """Remove containers first, then what they may have used."""
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
        """Every tag and digest of a name of ours, in whatever registry, and the ids of what has but the label."""
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
        """Remove what may be there, and wait where the daemon is not done with it.

        It answers 409 while it removes a container itself, 403 while an endpoint leaves a network, 409 and 500 while a process
        that was killed still holds a file system or a cgroup; all that passes. What does not pass was left behind.
        """
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                status, body = request(self._host, "DELETE", path)
                said = f"{status} {body.decode(errors='replace').strip()}"
            except OSError as error:  # the daemon did not answer in time, or is just replaced by another
                status, said = 0, repr(error)
            if status in {200, 204, 404}:  # 404: the test removed it, or never made it
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"left on {self._host}: DELETE {path} still answers {said} after {_PATIENCE:g} s")
            time.sleep(_PAUSE)
