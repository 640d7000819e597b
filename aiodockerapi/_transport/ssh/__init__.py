"""A daemon over ssh: a local Unix socket, forwarded to the daemon's socket by the system's OpenSSH.

::

    connector     SSHConnector: chooses between the two modes and reports ssh's errors
    tunnel        one ssh process that forwards the socket (ssh -L)
    dial_stdio    one ssh process per connection, which runs ``docker system dial-stdio``
    command       command lines of ssh, and the shell that ends ssh with this process
    config        the user's ssh configuration, as ``ssh -G`` reports it
    process       a running ssh: its stderr and its exit
    connection    a connection over ssh, which may end because ssh ended
    login_limit   how many calls may start logins at once
"""

from .connector import SSHConnector

__all__ = ["SSHConnector"]
