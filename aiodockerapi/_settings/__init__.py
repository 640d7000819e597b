"""Where the daemon is and how it is to be spoken to, from arguments, the environment, and the docker CLI's files.

::

    documents   JSON files with errors that name the place
    address     Endpoint: unix://, tcp://, http://, https://, ssh://, npipe://
    tls         TLS: material as data            headers   HttpHeaders, DOCKER_CUSTOM_HEADERS
    ssh         SSH: how ssh is run
    config      config.json                      contexts  the store of docker contexts
    proxies     for containers and builds        local     rootless and Podman sockets
    lookup      which of them counts
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
