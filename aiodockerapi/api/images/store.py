"""Images on the daemon's host: looking at them, naming them, removing them."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from typing import Final

from ... import models
from ..._engine import LazyType, Request, request, required_features
from ..._wire.arguments import QueryValue, integer, optional_bool, strings, text
from ..._wire.filters import Filters, encode_filters
from ..._wire.versions import ApiVersion
from ...errors import InvalidArgument
from .._common import Body, Group
from .._registry import PlatformLike, auth_headers, image_path, platform_json, platform_list, tagged

__all__ = ["StoreCalls"]

_RESERVED_SPACE = ApiVersion(1, 48)

_SUMMARIES: Final = LazyType(lambda: list[models.ImageSummary])
_IMAGE: Final = LazyType(lambda: models.ImageInspect)
_HISTORY: Final = LazyType(lambda: list[models.ImageHistoryResponseItem])
_ATTESTATIONS: Final = LazyType(lambda: list[models.AttestationStatement])
_REMOVED: Final = LazyType(lambda: list[models.ImageDeleteResponseItem])
_FOUND: Final = LazyType(lambda: list[models.ImageSearchResponseItem])
_PRUNED: Final = LazyType(lambda: models.ImagePruneResponse)
_CACHE_PRUNED: Final = LazyType(lambda: models.BuildPruneResponse)


class StoreCalls(Group):
    """List, inspect, tag, remove, search and prune images."""

    async def list(
        self,
        *,
        all: bool | None = None,
        filters: Filters | None = None,
        digests: bool | None = None,
        shared_size: bool | None = None,
        manifests: bool | None = None,
        identity: bool | None = None,
    ) -> builtins.list[models.ImageSummary]:
        """List images, the youngest first.

        Engine API: GET /images/json

        :param all: the intermediate images of builds too; not by default.
        :param filters: only those that match: ``reference``, ``label``, ``dangling``, ``before``, ``since``, ``until``.
        :param digests: tell their digests; newer engines always do.
        :param shared_size: count what each shares with others, ``shared_size``; -1 by default. Since API 1.42.
        :param manifests: tell the variants of each, ``manifests``. Since API 1.47.
        :param identity: tell where each variant comes from, ``manifests[...].image_data.identity``. Since API 1.54.
        :returns: one summary per image; an empty list where there is none.
        :raises BadRequest: there is no such filter, or not such a value for it (20.10 answers with 500, `ServerError`).
        :raises UnsupportedFeature: an argument is given that the engine is too old for.
        """
        if identity and manifests is False:
            raise InvalidArgument("identity is told of manifests: it does not go with manifests=False")
        parameters = {
            "all": optional_bool(all, "all"),
            "filters": encode_filters(filters, sets=True),  # Podman finds no image by a list of several values
            "digests": optional_bool(digests, "digests"),
            "shared-size": optional_bool(shared_size, "shared_size"),
            "manifests": True if optional_bool(identity, "identity") else optional_bool(manifests, "manifests"),
            "identity": identity,
        }
        features = required_features(
            images__list__shared_size=shared_size, images__list__manifests=manifests, images__list__identity=identity
        )
        call = request("GET", "/images/json", parameters, features=features)
        return await self._engine.json(call, _SUMMARIES)

    async def inspect(
        self, image: str, *, manifests: bool | None = None, platform: PlatformLike | None = None
    ) -> models.ImageInspect:
        """Everything about an image.

        Engine API: GET /images/{name}/json

        :param image: its reference or id.
        :param manifests: tell its variants too; not by default. Since API 1.48.
        :param platform: about which variant, as ``os/arch[/variant]``; by default the daemon's own, or any that is here. Not
            together with `manifests`. Since API 1.49.
        :raises NotFound: there is no such image, or not that variant.
        :raises UnsupportedFeature: an argument is given that the engine is too old for.
        """
        if optional_bool(manifests, "manifests") and platform is not None:
            raise InvalidArgument("manifests are those of all platforms: platform= does not go with them")
        parameters = {"manifests": manifests, "platform": platform_json(platform)}
        features = required_features(images__inspect__manifests=manifests, images__inspect__platform=platform)
        call = request("GET", image_path(image, "/json"), parameters, features=features)
        return await self._engine.json(call, _IMAGE)

    async def history(
        self, image: str, *, platform: PlatformLike | None = None
    ) -> builtins.list[models.ImageHistoryResponseItem]:
        """The steps that made an image, the last first.

        Engine API: GET /images/{name}/history

        :param image: its reference or id.
        :param platform: of which variant, as ``os/arch[/variant]``; by default the daemon's own, or any that is here. Since API
            1.48.
        :raises NotFound: there is no such image, or not that variant.
        :raises UnsupportedFeature: `platform` is given, and the engine is older than API 1.48.
        """
        features = required_features(images__history__platform=platform)
        call = request("GET", image_path(image, "/history"), {"platform": platform_json(platform)}, features=features)
        return await self._engine.json(call, _HISTORY)

    async def attestations(
        self,
        image: str,
        *,
        platform: PlatformLike | None = None,
        type: Iterable[str] | str | None = None,
        statement: bool | None = None,
    ) -> builtins.list[models.AttestationStatement]:
        """The attestations of an image: how it was built, what is in it.

        Engine API: GET /images/{name}/attestations

        Since API 1.55; for daemons with the containerd image store.

        :param image: its reference or id.
        :param platform: of which variant, as ``os/arch[/variant]``; the daemon's own by default.
        :param type: only those of this predicate type, or these: ``https://slsa.dev/provenance/v1``.
        :param statement: the statements themselves too; not by default.
        :raises NotFound: there is no such image, or not that variant.
        :raises NotImplementedByDaemon: its image store keeps no attestations.
        :raises UnsupportedFeature: the engine is older than API 1.55.
        """
        parameters = {
            "platform": platform_json(platform),
            "type": strings(type, "type"),
            "statement": optional_bool(statement, "statement"),
        }
        features = required_features(images__attestations=True)
        call = request("GET", image_path(image, "/attestations"), parameters, features=features)
        return await self._engine.json(call, _ATTESTATIONS)

    async def tag(self, image: str, repository: str, *, tag: str | None = None) -> None:
        """Give an image one more name.

        Engine API: POST /images/{name}/tag

        A name that another image has goes over to this one.

        :param image: its reference or id.
        :param repository: the new name, maybe with its tag.
        :param tag: its tag, where the name does not say; ``latest`` by default.
        :raises NotFound: no such image.
        """
        parts = tagged(repository, tag)
        parameters = {"repo": parts.name, "tag": parts.tag or None}
        await self._engine.empty(request("POST", image_path(image, "/tag"), parameters))

    async def remove(
        self,
        image: str,
        *,
        force: bool | None = None,
        no_prune: bool | None = None,
        platforms: Iterable[PlatformLike] | PlatformLike | None = None,
    ) -> builtins.list[models.ImageDeleteResponseItem]:
        """Take a name from an image, and remove it with the last one.

        Engine API: DELETE /images/{name}

        :param image: its reference or id; with an id, the image goes with all its names, if it has but one or with `force`.
        :param force: even if it has other names or stopped containers use it; refused by default.
        :param no_prune: leave the images it was built upon, even where they have no name; they go by default.
        :param platforms: only these variants, each as ``os/arch[/variant]``. Since API 1.50.
        :returns: the names and layers that are gone.
        :raises NotFound: no such image.
        :raises Conflict: containers use it, or it has several names.
        :raises UnsupportedFeature: `platforms` is given, and the engine is older than API 1.50.
        """
        parameters = {
            "force": optional_bool(force, "force"),
            "noprune": optional_bool(no_prune, "no_prune"),
            "platforms": platform_list(platforms),
        }
        features = required_features(images__remove__platforms=platforms)
        call = request("DELETE", image_path(image), parameters, features=features)
        return await self._engine.json(call, _REMOVED)

    async def search(
        self,
        term: str,
        *,
        limit: int | None = None,
        filters: Filters | None = None,
        auth: models.AuthConfig | Body | None = None,
    ) -> builtins.list[models.ImageSearchResponseItem]:
        """Look for images on Docker Hub, or in another registry that can be searched.

        Engine API: GET /images/search

        :param term: what to look for; with a registry before it, there: ``registry.example.com/web``.
        :param limit: at most so many; 25 by default.
        :param filters: only those that match: ``is-official``, ``stars`` (at least so many).
        :param auth: credentials for the registry.
        :raises APIError: the registry cannot be reached, or cannot be searched (400 or 500, depending on the engine).
        """
        if not text(term, "term").strip():
            raise InvalidArgument("the term to search for is empty")
        parameters = {
            "term": term,
            "limit": integer(limit, "limit", least=0),
            "filters": encode_filters(filters),
        }
        call = request("GET", "/images/search", parameters, headers=auth_headers(auth))
        return await self._engine.json(call, _FOUND)

    async def prune(self, *, filters: Filters | None = None) -> models.ImagePruneResponse:
        """Remove images that nobody uses.

        Engine API: POST /images/prune

        :param filters: ``dangling`` False takes those with a name too, by default only those without go; and only those that
            match: ``until`` (a time, or a duration such as ``10m``), ``label``, ``label!``.
        :returns: what is gone, and the bytes that became free.
        :raises Conflict: another prune is under way.
        """
        call = request("POST", "/images/prune", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _PRUNED)

    async def prune_build_cache(
        self,
        *,
        keep_storage: int | None = None,
        all: bool | None = None,
        filters: Filters | None = None,
        reserved_space: int | None = None,
        max_used_space: int | None = None,
        min_free_space: int | None = None,
    ) -> models.BuildPruneResponse:
        """Remove what BuildKit keeps so as not to do a step again.

        Engine API: POST /build/prune

        :param keep_storage: what `reserved_space` was called before API 1.48; either name goes with every engine.
        :param all: what is not only a cache of this host too, such as the sources of builds; not by default.
        :param filters: only records that match: ``until``, ``id``, ``parent``, ``type``, ``description``, ``inuse``,
            ``shared``, ``private``.
        :param reserved_space: bytes of the cache that stay in any case.
        :param max_used_space: bytes that the cache may have in the end. Since API 1.48.
        :param min_free_space: bytes that are to be free on the disk in the end. Since API 1.48.
        :returns: the ids of what is gone, and the bytes that became free.
        :raises UnsupportedFeature: one of the last two is given, and the engine is older than API 1.48.
        """
        if None not in (keep_storage, reserved_space) and keep_storage != reserved_space:
            raise InvalidArgument("keep_storage and reserved_space are two names of the same: give one of them")
        reserved = integer(keep_storage, "keep_storage", least=0)
        reserved = reserved if reserved_space is None else integer(reserved_space, "reserved_space", least=0)
        most, free = (
            integer(max_used_space, "max_used_space", least=0),
            integer(min_free_space, "min_free_space", least=0),
        )
        rest: dict[str, QueryValue] = {
            "all": optional_bool(all, "all"),
            "filters": encode_filters(filters),
            "max-used-space": most,
            "min-free-space": free,
        }
        features = required_features(
            images__prune_build_cache__max_used_space=max_used_space,
            images__prune_build_cache__min_free_space=min_free_space,
        )

        def made(version: ApiVersion) -> Request:
            parameters = {"reserved-space" if version >= _RESERVED_SPACE else "keep-storage": reserved, **rest}
            return request("POST", "/build/prune", parameters, features=features)

        call = made(await self._engine.version())._replace(for_version=made)
        return await self._engine.json(call, _CACHE_PRUNED)
