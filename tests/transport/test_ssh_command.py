"""What ssh is told, and what its words are taken for."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from aiodockerapi import SSH, ConfigurationError, ConnectFailed, RequestTimeout, TransportError
from aiodockerapi._settings import Endpoint
from aiodockerapi._settings.address import parse_host
from aiodockerapi._transport.ssh.command import Plan
from aiodockerapi._transport.diagnostics.ssh import failure, lost
from aiodockerapi._transport.ssh.process import Words

LAB = Endpoint("ssh", host="lab")


def plan(endpoint: Endpoint = LAB, **more: Any) -> Plan:
    return Plan(endpoint, SSH(**more), 10.0, "/tmp/x")


def settings(command: list[str]) -> list[str]:
    return [value for flag, value in pairwise(command) if flag == "-o"]


def test_the_users_options_go_first_and_the_host_behind_all_options() -> None:
    endpoint = Endpoint("ssh", user="me", host="lab", port=2222, socket="/run/a b.sock")
    command = plan(endpoint, options=["-i", "key"]).tunnel()
    assert command[1:3] == ["-i", "key"]
    assert command[-9:] == ["-l", "me", "-p", "2222", "-N", "-L", "/tmp/x/s:/run/a b.sock", "--", "lab"]


def test_user_and_port_are_left_to_the_configuration() -> None:
    assert not {"-l", "-p"} & set(plan().tunnel())


def test_paths_of_sockets_are_taken_literally() -> None:
    command = plan(Endpoint("ssh", host="lab", socket="/run/a:b%h\\c")).tunnel()
    assert "/tmp/x/s:/run/a\\:b%%h\\\\c" in command
    with pytest.raises(ConfigurationError, match="variable"):
        plan(Endpoint("ssh", host="lab", socket="/run/${HOME}")).tunnel()


def test_the_remote_command_is_one_word_for_the_shell_there() -> None:
    assert plan().dial_stdio()[-1] == "docker system dial-stdio"
    endpoint = Endpoint("ssh", host="lab", socket="/run/a'; rm -rf")
    assert plan(endpoint).dial_stdio()[-1] == """docker '--host=unix:///run/a'"'"'; rm -rf' system dial-stdio"""


def test_the_docker_command_reads_percent_signs_as_escapes() -> None:
    assert "a%41b" in plan(Endpoint("ssh", host="lab", socket="/run/a%41b")).dial_stdio()[-1]
    with pytest.raises(ConfigurationError, match="Forward it"):
        plan(Endpoint("ssh", host="lab", socket="/run/a%b.sock")).dial_stdio()


def test_an_ipv6_address_is_the_host() -> None:
    assert plan(parse_host("ssh://me@[::1]:2222", source="the test")).tunnel()[-2:] == ["--", "::1"]


def test_nothing_is_asked_unless_that_is_wanted() -> None:
    assert "BatchMode=yes" in settings(plan().tunnel())
    assert "BatchMode=yes" in settings(plan().dial_stdio())
    assert not [word for word in settings(plan(batch=False).tunnel()) if word.startswith("BatchMode")]


def test_a_missing_ssh_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ConnectFailed, match=r"there is no ssh command\. Install"):
        plan().tunnel()


@pytest.mark.parametrize(
    "wrong", [{"mode": "mux"}, {"options": "-i key"}, {"options": [1]}, {"options": ["a\0"]}, {"batch": "yes"}]
)
def test_settings_that_cannot_be_followed(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=rf"SSH\({next(iter(wrong))}=\.\.\.\)"):
        SSH(**wrong)


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("ssh: Could not resolve hostname lab: Name or service not known", "the host name cannot be resolved"),
        ("ssh: connect to host lab port 22: Connection refused", "Does sshd run there"),
        ("ssh: connect to host lab port 22: No route to host", "there is no way to that host"),
        ("kex_exchange_identification: Connection closed by remote host", "MaxStartups"),
        ("me@lab: Permission denied (publickey,password).", "authorized_keys"),
        ("Received disconnect: Too many authentication failures", "IdentitiesOnly"),
        ("sh: 1: docker: not found", "there is no docker command there"),
        ("docker: 'system' is not a docker command.", "older than 18.09"),
        ("dial unix /var/run/docker.sock: connect: permission denied", "group"),
        ("dial unix /var/run/docker.sock: connect: connection refused", "Is the daemon running"),
        ("/etc/ssh/ssh_config: line 1: Bad configuration option: x", "does not understand its configuration"),
        ("something else", "ssh failed"),
    ],
)
def test_words_and_their_remedy(words: str, remedy: str) -> None:
    error = failure(LAB, words)
    assert isinstance(error, ConnectFailed)
    assert remedy in str(error)
    assert words in str(error)


@pytest.mark.parametrize(
    ("status", "remedy"), [(127, "there is no docker command there"), (126, "cannot be run"), (1, "broke: ssh ended")]
)
def test_shells_speak_their_own_language(status: int, remedy: str) -> None:
    assert remedy in str(lost(LAB, status, "bash: Zeile 1: docker: Kommando nicht gefunden."))


def test_who_may_not_use_the_socket_is_named() -> None:
    words = "dial unix /var/run/docker.sock: connect: permission denied"
    assert "usermod -aG docker me)" in str(failure(Endpoint("ssh", user="me", host="lab"), words))
    assert "the user as whom ssh logs in may not use" in str(failure(LAB, words))


def test_a_timeout_is_one_of_ours() -> None:
    assert isinstance(failure(LAB, "ssh: connect to host lab port 22: Connection timed out"), RequestTimeout)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Connection to lab closed by remote host.", TransportError),
        ("Timeout, server lab not responding.", TransportError),
        ("sh: 1: docker: not found", ConnectFailed),
    ],
)
def test_once_ssh_has_got_in_a_call_may_have_been_sent(words: str, kind: type[TransportError]) -> None:
    """`ConnectFailed` and `RequestTimeout` would promise that it was not."""
    error = lost(LAB, 255, words)
    assert type(error) is kind
    assert words in str(error)


def test_only_the_last_words_are_kept() -> None:
    words = Words()
    words.feed(b"x" * 10_000)
    mark = words.mark
    words.feed(b'Authenticated to lab ([10.0.0.7]:22) using "publickey".\r\nlast\r\n')
    assert words.since(mark) == "last"
    assert words.since(words.mark) == ""
    assert len(words.since()) < 4096
