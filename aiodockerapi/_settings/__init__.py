"""Where the daemon is and how to connect to it: arguments, the environment, and the docker CLI's files.

::

    documents   JSON files, with errors that name the file and the place in it
    address     Endpoint: unix://, tcp://, http://, https://, ssh://, npipe://
    tls         TLS: certificates and keys
    ssh         SSH: how to run ssh
    headers     custom headers: HttpHeaders, DOCKER_CUSTOM_HEADERS
    config      config.json and its directory
    contexts    the store of docker contexts
    proxies     proxy variables for containers and builds
    local       addresses of rootless Docker and Podman sockets
    lookup      precedence: which of these settings applies
"""

from .address import Endpoint
from .local import podman_socket, rootless_socket
from .lookup import Lookup, Settings, look_up
from .proxies import with_proxies
from .ssh import SSH
from .tls import TLS

__all__ = [
    "SSH",
    "TLS",
    "Endpoint",
    "Lookup",
    "Settings",
    "look_up",
    "podman_socket",
    "rootless_socket",
    "with_proxies",
]
