"""Witnesses to test against: an HTTP receiver that can fail, and a timestamp authority run by openssl."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.audit.note import DASH, VerifierKey, encode_base64
from service.audit.witness import COSIGNATURE, cosigned_text

Answer = tuple[int, bytes]


@dataclass
class Receiver:
    """What came, and what is answered: each answer of ``answers`` once, then whatever ``otherwise`` says."""

    url: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    otherwise: Callable[[bytes], Answer] = lambda _: (204, b"")
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, headers: dict[str, str], body: bytes) -> Answer:
        self.came.append((headers, body))
        return self.answers.pop(0) if self.answers else self.otherwise(body)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on loopback for the length of the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = receiver.answer({k.lower(): v for k, v in self.headers.items()}, body)
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/heads?token=geheim"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Cosigner:
    """A witness with a key of its own, as C2SP has them."""

    def __init__(self, name: str, seed: int) -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32))
        self.verifier = VerifierKey(name, COSIGNATURE, self.key.public_key().public_bytes_raw())

    def line(self, text: str, at: int) -> str:
        """The signature line over a checkpoint's text."""
        value = at.to_bytes(8) + self.key.sign(cosigned_text(text, at))
        return f"{DASH}{self.verifier.name} {encode_base64(self.verifier.key_id + value)}\n"


TSA = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Test authority
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[stamping]
basicConstraints = critical,CA:false
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = settings
[settings]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority:
    """A timestamp authority with its own root, run by ``openssl ts`` in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "tsa.cnf").write_text(TSA)
        (folder / "serial").write_text("01\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        common = ("req", "-config", "tsa.cnf", "-x509", "-days", "30", *key)
        self._openssl(*common, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=root", "-extensions", "root")
        signed = ("-CA", "root.pem", "-CAkey", "root.key", "-subj", "/CN=stamps", "-extensions", "stamping")
        self._openssl(*common, "-keyout", "tsa.key", "-out", "tsa.pem", *signed)

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def reply(self, query: bytes) -> bytes:
        """The authority's answer to a TimeStampReq."""
        (self.folder / "query.tsq").write_bytes(query)
        self._openssl(
            *("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "answer.tsr"),
            *("-signer", "tsa.pem", "-inkey", "tsa.key"),
        )
        return (self.folder / "answer.tsr").read_bytes()

    def verify(self, data: bytes, response: bytes) -> str:
        """What ``openssl ts -verify`` says, as an auditor would ask it."""
        (self.folder / "data").write_bytes(data)
        (self.folder / "given.tsr").write_bytes(response)
        return self._openssl("ts", "-verify", "-data", "data", "-in", "given.tsr", "-CAfile", "root.pem")

    def _openssl(self, *arguments: str) -> str:
        done = subprocess.run(
            ["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=False, timeout=30
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
