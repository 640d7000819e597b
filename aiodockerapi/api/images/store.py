"""Images on the daemon's host: list, inspect, tag, remove, search and prune them."""

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
    """The calls of ``docker.images`` that list, inspect, tag, remove, search and prune."""

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
        """List images, newest first.

        Engine API: GET /images/json

        :param all: include the intermediate images of builds; excluded by default.
        :param filters: return only images that match: ``reference``, ``label``, ``dangling``, ``before``, ``since``,
            ``until``.
        :param digests: include the digests; newer engines always include them.
        :param shared_size: compute ``shared_size``, the size that each image shares with other images; by default it is -1.
            Since API 1.42.
        :param manifests: include ``manifests``, the variants of each image for its platforms; excluded by default. Since API
            1.47.
        :param identity: include ``manifests[...].image_data.identity``, the origin of each variant; implies `manifests`. Since
            API 1.54.
        :returns: one summary per image; empty if there are none.
        :raises BadRequest: if a filter is unknown or has an invalid value (20.10 responds with 500, `ServerError`).
        :raises UnsupportedFeature: if the engine is too old for an argument.
        """
        if identity and manifests is False:
            raise InvalidArgument("identity=True requires manifests and cannot be combined with manifests=False")
        parameters = {
            "all": optional_bool(all, "all"),
            "filters": encode_filters(filters, sets=True),  # Podman matches nothing if a list has several values
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
        """Return the details of an image.

        Engine API: GET /images/{name}/json

        :param image: its reference or id.
        :param manifests: include its variants for all platforms; excluded by default. Since API 1.48.
        :param platform: the variant to return, as ``os/arch[/variant]``; by default the one for the daemon's platform, or else
            any local one. Cannot be combined with `manifests`. Since API 1.49.
        :raises NotFound: if the image or the variant does not exist.
        :raises UnsupportedFeature: if the engine is too old for an argument.
        """
        if optional_bool(manifests, "manifests") and platform is not None:
            raise InvalidArgument("manifests= covers all platforms and cannot be combined with platform=")
        parameters = {"manifests": manifests, "platform": platform_json(platform)}
        features = required_features(images__inspect__manifests=manifests, images__inspect__platform=platform)
        call = request("GET", image_path(image, "/json"), parameters, features=features)
        return await self._engine.json(call, _IMAGE)

    async def history(
        self, image: str, *, platform: PlatformLike | None = None
    ) -> builtins.list[models.ImageHistoryResponseItem]:
        """Return the history of an image: its build steps, newest first.

        Engine API: GET /images/{name}/history

        :param image: its reference or id.
        :param platform: the variant to use, as ``os/arch[/variant]``; by default the one for the daemon's platform, or else any
            local one. Since API 1.48.
        :returns: one item per step.
        :raises NotFound: if the image or the variant does not exist.
        :raises UnsupportedFeature: if `platform` is given and the engine is older than API 1.48.
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
        """Return the attestations of an image, which describe how it was built and what it contains.

        Engine API: GET /images/{name}/attestations

        Since API 1.55; requires a daemon with the containerd image store.

        :param image: its reference or id.
        :param platform: the variant to use, as ``os/arch[/variant]``; the daemon's own platform by default.
        :param type: return only attestations of these predicate types, such as ``https://slsa.dev/provenance/v1``; all by
            default.
        :param statement: include the statements themselves; excluded by default.
        :returns: the attestations; empty if there are none.
        :raises NotFound: if the image or the variant does not exist.
        :raises NotImplementedByDaemon: if the daemon's image store does not support attestations.
        :raises UnsupportedFeature: if the engine is older than API 1.55.
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
        """Add a name to an image.

        Engine API: POST /images/{name}/tag

        If another image has that name, the name is moved to this image.

        :param image: its reference or id.
        :param repository: the new name, with an optional tag.
        :param tag: the tag, if `repository` does not contain one; ``latest`` by default.
        :raises NotFound: if the image does not exist.
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
        """Remove a name of an image; if it is the last name, also remove the image.

        Engine API: DELETE /images/{name}

        :param image: its reference or id. For an id, the image is removed with all of its names; if it has several, `force` is
            required.
        :param force: remove the image even if it has several names or stopped containers use it; by default the daemon refuses
            this.
        :param no_prune: keep untagged parent images; they are removed by default.
        :param platforms: remove only these variants, each as ``os/arch[/variant]``. Since API 1.50.
        :returns: the removed names and layers.
        :raises NotFound: if the image does not exist.
        :raises Conflict: if containers use the image, or if it is given by its id and has several names.
        :raises UnsupportedFeature: if `platforms` is given and the engine is older than API 1.50.
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
        """Search for images on Docker Hub, or in another registry that supports searching.

        Engine API: GET /images/search

        :param term: the search term; to search another registry, prefix the term with its address:
            ``registry.example.com/web``.
        :param limit: maximum number of results; 25 by default.
        :param filters: return only images that match: ``is-official``, ``stars`` (the minimum number).
        :param auth: credentials for the registry.
        :returns: the images that were found; empty if there are none.
        :raises APIError: if the registry cannot be reached or does not support searching (400 or 500, depending on the
            engine).
        """
        if not text(term, "term").strip():
            raise InvalidArgument("the search term is empty")
        parameters = {
            "term": term,
            "limit": integer(limit, "limit", least=0),
            "filters": encode_filters(filters),
        }
        call = request("GET", "/images/search", parameters, headers=auth_headers(auth))
        return await self._engine.json(call, _FOUND)

    async def prune(self, *, filters: Filters | None = None) -> models.ImagePruneResponse:
        """Remove unused images; by default, only dangling ones, which have no name.

        Engine API: POST /images/prune

        :param filters: ``{"dangling": False}`` also removes unused images that have a name. All other filters restrict the
            images to remove: ``until`` (created before a time, or longer ago than a duration such as ``10m``), ``label``,
            ``label!`` (images without that label).
        :returns: the removed names and layers, and the reclaimed space in bytes.
        :raises Conflict: if another prune is running.
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
        """Remove records from the build cache of BuildKit.

        Engine API: POST /build/prune

        :param keep_storage: older name of `reserved_space`, used before API 1.48; both names work with every engine.
        :param all: also remove internal records, records of BuildKit frontends, and records that are shared with images; by
            default these are kept.
        :param filters: remove only records that match: ``until``, ``id``, ``parent``, ``type``, ``description``, ``inuse``,
            ``shared``, ``private``.
        :param reserved_space: size of the cache that is always kept, in bytes.
        :param max_used_space: maximum size of the cache after pruning, in bytes. Since API 1.48.
        :param min_free_space: free disk space to reach by pruning, in bytes. Since API 1.48.
        :returns: the ids of the removed records, and the reclaimed space in bytes.
        :raises UnsupportedFeature: if `max_used_space` or `min_free_space` is given and the engine is older than API 1.48.
        """
        if None not in (keep_storage, reserved_space) and keep_storage != reserved_space:
            raise InvalidArgument("keep_storage and reserved_space are the same option: pass only one of them")
        reserved = integer(keep_storage, "keep_storage", least=0)
        reserved = reserved if reserved_space is None else integer(reserved_space, "reserved_space", least=0)
        rest: dict[str, QueryValue] = {
            "all": optional_bool(all, "all"),
            "filters": encode_filters(filters),
            "max-used-space": integer(max_used_space, "max_used_space", least=0),
            "min-free-space": integer(min_free_space, "min_free_space", least=0),
        }
        features = required_features(
            images__prune_build_cache__max_used_space=max_used_space,
            images__prune_build_cache__min_free_space=min_free_space,
        )

        def build_request(version: ApiVersion) -> Request:
            parameters = {"reserved-space" if version >= _RESERVED_SPACE else "keep-storage": reserved, **rest}
            return request("POST", "/build/prune", parameters, features=features)

        call = build_request(await self._engine.version())._replace(for_version=build_request)
        return await self._engine.json(call, _CACHE_PRUNED)
