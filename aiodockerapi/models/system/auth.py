"""Who we are to a registry."""

from .._fields import Model, define, wire

__all__ = ["AuthConfig", "AuthResponse"]


@define(kw_only=True)
class AuthConfig(Model):
    """Credentials for a registry: a user and a password, or a token."""

    username: str | None = wire("username")
    password: str | None = wire("password", secret=True)
    serveraddress: str | None = wire("serveraddress")
    """The registry: a host with or without a port, or `https://index.docker.io/v1/` for Docker Hub."""
    identitytoken: str | None = wire("identitytoken", secret=True)
    """What an earlier login gave, in place of the password."""
    registrytoken: str | None = wire("registrytoken", secret=True)
    """A token that is sent to the registry as it is."""
    email: str | None = wire("email", until="1.51")


@define(kw_only=True)
class AuthResponse(Model):
    """The answer to a login that went well."""

    status: str = wire("Status", empty=str)
    """The daemon's words."""
    identity_token: str | None = wire("IdentityToken", secret=True)
    """What to log in with from now on, where the registry gives such tokens."""
