"""Command lines of ssh, and the errors made of its messages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from aiodockerapi import SSH, ConfigurationError, ConnectFailed, RequestTimeout, TransportError
from aiodockerapi._settings import Endpoint
from aiodockerapi._settings.address import parse_host
from aiodockerapi._transport.diagnostics.ssh import ssh_connect_failed, ssh_ended
from aiodockerapi._transport.ssh.command import CommandBuilder
from aiodockerapi._transport.ssh.process import StderrLog

LAB = Endpoint("ssh", host="lab")


def commands(endpoint: Endpoint = LAB, **more: Any) -> CommandBuilder:
    return CommandBuilder(endpoint, SSH(**more), 10.0, "/tmp/x")


def settings(command: list[str]) -> list[str]:
    return [value for flag, value in pairwise(command) if flag == "-o"]


def test_the_users_options_come_first_and_the_host_last() -> None:
    endpoint = Endpoint("ssh", user="me", host="lab", port=2222, socket="/run/a b.sock")
    command = commands(endpoint, options=["-i", "key"]).tunnel()
    assert command[1:3] == ["-i", "key"]
    assert command[-9:] == ["-l", "me", "-p", "2222", "-N", "-L", "/tmp/x/s:/run/a b.sock", "--", "lab"]


def test_user_and_port_are_left_to_the_configuration() -> None:
    assert not {"-l", "-p"} & set(commands().tunnel())


def test_paths_of_sockets_are_escaped() -> None:
    command = commands(Endpoint("ssh", host="lab", socket="/run/a:b%h\\c")).tunnel()
    assert "/tmp/x/s:/run/a\\:b%%h\\\\c" in command
    with pytest.raises(ConfigurationError, match="variable"):
        commands(Endpoint("ssh", host="lab", socket="/run/${HOME}")).tunnel()


def test_the_remote_command_is_quoted_for_the_shell() -> None:
    assert commands().dial_stdio()[-1] == "docker system dial-stdio"
    endpoint = Endpoint("ssh", host="lab", socket="/run/a'; rm -rf")
    assert commands(endpoint).dial_stdio()[-1] == """docker '--host=unix:///run/a'"'"'; rm -rf' system dial-stdio"""


def test_the_docker_command_reads_percent_signs_as_escapes() -> None:
    assert "a%41b" in commands(Endpoint("ssh", host="lab", socket="/run/a%41b")).dial_stdio()[-1]
    with pytest.raises(ConfigurationError, match=r"decodes % as an escape\. Use SSH\(mode=\"tunnel\"\)"):
        commands(Endpoint("ssh", host="lab", socket="/run/a%b.sock")).dial_stdio()


def test_an_ipv6_address_is_the_host() -> None:
    assert commands(parse_host("ssh://me@[::1]:2222", source="the test")).tunnel()[-2:] == ["--", "::1"]


def test_batch_mode_is_the_default() -> None:
    assert "BatchMode=yes" in settings(commands().tunnel())
    assert "BatchMode=yes" in settings(commands().dial_stdio())
    assert not [setting for setting in settings(commands(batch=False).tunnel()) if setting.startswith("BatchMode")]


def test_a_missing_ssh_command_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ConnectFailed, match=r"ssh command not found\. Install"):
        commands().tunnel()


@pytest.mark.parametrize(
    "wrong", [{"mode": "mux"}, {"options": "-i key"}, {"options": [1]}, {"options": ["a\0"]}, {"batch": "yes"}]
)
def test_invalid_settings_are_rejected(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=rf"SSH\({next(iter(wrong))}=\.\.\.\)"):
        SSH(**wrong)


@pytest.mark.parametrize(
    ("output", "remedy"),
    [
        ("ssh: Could not resolve hostname lab: Name or service not known", "cannot resolve the host name"),
        ("ssh: connect to host lab port 22: Connection refused", "Is sshd running on the host"),
        ("ssh: connect to host lab port 22: No route to host", "host unreachable"),
        ("kex_exchange_identification: Connection closed by remote host", "MaxStartups"),
        ("me@lab: Permission denied (publickey,password).", "authorized_keys"),
        ("Received disconnect: Too many authentication failures", "IdentitiesOnly"),
        ("sh: 1: docker: not found", "docker command is not installed"),
        ("docker: 'system' is not a docker command.", "older than 18.09"),
        ("dial unix /var/run/docker.sock: connect: permission denied", "group"),
        ("dial unix /var/run/docker.sock: connect: connection refused", "Is the daemon running"),
        ("/etc/ssh/ssh_config: line 1: Bad configuration option: x", "does not understand its configuration"),
        ("something else", "ssh failed"),
    ],
)
def test_known_messages_and_their_remedies(output: str, remedy: str) -> None:
    error = ssh_connect_failed(LAB, output)
    assert isinstance(error, ConnectFailed)
    assert remedy in str(error)
    assert output in str(error)


@pytest.mark.parametrize(
    ("status", "remedy"),
    [(127, "docker command is not installed"), (126, "cannot be executed"), (1, "broke: ssh ended")],
)
def test_localized_shell_messages_are_recognized_by_the_status(status: int, remedy: str) -> None:
    assert remedy in str(ssh_ended(LAB, status, "bash: Zeile 1: docker: Kommando nicht gefunden."))


def test_a_user_without_permission_is_named() -> None:
    output = "dial unix /var/run/docker.sock: connect: permission denied"
    assert "usermod -aG docker me)" in str(ssh_connect_failed(Endpoint("ssh", user="me", host="lab"), output))
    assert "the user of the ssh login has no permission" in str(ssh_connect_failed(LAB, output))


def test_a_timeout_of_ssh_is_a_request_timeout() -> None:
    assert isinstance(ssh_connect_failed(LAB, "ssh: connect to host lab port 22: Connection timed out"), RequestTimeout)


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        ("Connection to lab closed by remote host.", TransportError),
        ("Timeout, server lab not responding.", TransportError),
        ("sh: 1: docker: not found", ConnectFailed),
    ],
)
def test_after_the_login_an_error_does_not_exclude_that_a_call_was_sent(
    output: str, kind: type[TransportError]
) -> None:
    """`ConnectFailed` and `RequestTimeout` would exclude it."""
    error = ssh_ended(LAB, 255, output)
    assert type(error) is kind
    assert output in str(error)


def test_only_the_last_output_is_kept() -> None:
    stderr = StderrLog()
    stderr.feed(b"x" * 10_000)
    position = stderr.position
    stderr.feed(b'Authenticated to lab ([10.0.0.7]:22) using "publickey".\r\nlast\r\n')
    assert stderr.since(position) == "last"
    assert stderr.since(stderr.position) == ""
    assert len(stderr.since()) < 4096
