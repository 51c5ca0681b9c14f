"""Where a message may go: outwards, to the address that was checked, and nowhere else."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from concordat.kernel.webhooks import network
from concordat.kernel.webhooks.network import Undelivered, is_open, reachable, send

from .conftest import Receiver

INWARD = [
    "10.0.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "192.168.1.1",
    "172.16.0.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
]


@pytest.mark.parametrize("address", INWARD)
def test_an_inward_address_is_not_open(address):
    assert not is_open(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is(address):
    assert is_open(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://localhost/",
        "http://8.8.8.8/",
        "ftp://8.8.8.8/",
        "https://user:word@8.8.8.8/",
        "https:///path",
        "https://no-such-host.invalid/",
        "nonsense",
        "",
    ],
)
def test_what_may_not_be_sent_to_is_refused(url, settings):
    settings.WEBHOOK_PRIVATE_NETWORKS = False
    with pytest.raises(Undelivered):
        reachable(url)
    with pytest.raises(Undelivered):
        send(url, {}, b"{}")


def test_a_name_that_leads_inwards_only_when_it_is_sent_to_is_refused_then(
    settings, monkeypatch, receiver
):
    settings.WEBHOOK_PRIVATE_NETWORKS = False
    answers = iter(["8.8.8.8", "127.0.0.1"])
    monkeypatch.setattr(network, "_resolve", lambda host, port: [next(answers)])
    url = f"https://rebinding.example:{receiver.server_port}/"
    reachable(url)
    with pytest.raises(Undelivered, match="private"):
        send(url, {}, b"{}")
    assert receiver.taken == []


def test_one_inward_address_among_several_is_enough_to_refuse(settings, monkeypatch):
    settings.WEBHOOK_PRIVATE_NETWORKS = False
    monkeypatch.setattr(network, "_resolve", lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Undelivered, match="private"):
        reachable("https://both.example/")


def test_a_redirect_is_not_followed(receiver):
    receiver.answers = [302]
    with pytest.raises(Undelivered, match="302"):
        send(receiver.url, {}, b"{}")
    assert len(receiver.refused) == 1
    assert receiver.taken == []


def test_nobody_there_and_an_answer_that_is_not_http_are_said_in_plain_words():
    with socket.socket() as quiet:
        quiet.bind(("127.0.0.1", 0))
        with pytest.raises(Undelivered, match="No connection"):
            send(f"http://127.0.0.1:{quiet.getsockname()[1]}/", {}, b"{}")


def certificate(folder, name):
    """A certificate that signs itself, in one file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture
def secure(tmp_path, monkeypatch):
    """A receiver with a certificate for receiver.example, which is trusted here."""
    made = Receiver()
    path = certificate(tmp_path, "receiver.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    trust = ssl.create_default_context(cafile=path)
    monkeypatch.setattr(network, "_trust", lambda: trust)
    monkeypatch.setattr(network, "_resolve", lambda host, port: ["127.0.0.1"])
    yield made
    made.shutdown()
    made.server_close()


def test_the_certificate_and_the_host_are_the_names_though_the_connection_is_to_the_address(secure):
    send(f"https://receiver.example:{secure.server_port}/hook?a=b", {}, b"{}")
    [(headers, _)] = secure.taken
    assert headers["Host"] == f"receiver.example:{secure.server_port}"


def test_a_certificate_for_another_name_is_refused(secure):
    with pytest.raises(Undelivered, match="secure"):
        send(f"https://other.example:{secure.server_port}/", {}, b"{}")
    assert secure.taken == []


def test_a_drip_of_bytes_does_not_stretch_the_time(monkeypatch):
    monkeypatch.setattr(network, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip():
            connection, _ = listening.accept()
            with connection:
                try:
                    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Long: yes\r\n" * 50:
                        connection.send(bytes([byte]))
                        time.sleep(0.1)
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(Undelivered, match="did not answer"):
            send(f"http://127.0.0.1:{listening.getsockname()[1]}/", {}, b"{}")
        assert time.monotonic() - began < 2


def test_the_length_of_an_answer_is_nobodys_concern(receiver):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def endless():
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                try:
                    while True:
                        connection.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                except OSError:
                    return

        threading.Thread(target=endless, daemon=True).start()
        send(f"http://127.0.0.1:{listening.getsockname()[1]}/", {}, b"{}")
