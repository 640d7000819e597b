"""Credentials for registries."""

from .._fields import Model, define, wire

__all__ = ["AuthConfig", "AuthResponse"]


@define(kw_only=True)
class AuthConfig(Model):
    """Credentials for a registry: a username with a password, or a token."""

    username: str | None = wire("username")
    """Username; None with a token."""
    password: str | None = wire("password", secret=True)
    """Password or personal access token; None with ``identitytoken`` or ``registrytoken``."""
    serveraddress: str | None = wire("serveraddress")
    """The registry: a host with an optional port, or ``https://index.docker.io/v1/`` for Docker Hub. None: Docker
    Hub."""
    identitytoken: str | None = wire("identitytoken", secret=True)
    """Identity token that an earlier login returned, used in place of the password."""
    registrytoken: str | None = wire("registrytoken", secret=True)
    """Bearer token that is sent to the registry unchanged."""
    email: str | None = wire("email", until="1.51")
    """Email address of the account; deprecated and unused."""


@define(kw_only=True)
class AuthResponse(Model):
    """The response to a successful login."""

    status: str = wire("Status", empty=str)
    """The daemon's message, e.g. ``Login Succeeded``."""
    identity_token: str | None = wire("IdentityToken", secret=True)
    """Token for later logins, in place of the password; None or empty if the registry does not issue one."""
