"""The wording of failures: what is wrong, where, and what helps.

::

    api_errors      error responses of the daemon: NotFound, Conflict, ...
    not_a_daemon    responses of something that is not a Docker daemon
    translation     exceptions of aiohttp and the operating system to those of this library
    unix_socket     why connecting to a Unix socket failed
    tls             why TLS failed
    ssh             why a connection over ssh failed
    probe           a second connection, to learn why the daemon closed the first one
"""
