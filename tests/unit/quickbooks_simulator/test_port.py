"""The port the simulator listens on."""

import socket

from quickbooks_simulator.launch import LOOPBACK, open_port


def test_port_is_on_loopback_and_named_as_tcp_so_that_answers_are_sent_at_once() -> None:
    with open_port(0) as listener:
        assert (listener.getsockname()[0], listener.proto) == (LOOPBACK, socket.IPPROTO_TCP)
