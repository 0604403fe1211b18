"""A TCP proxy that cuts the line in the moment the server answers: what it did is done, nobody hears of it."""

import contextlib
import socket
import threading


class CuttingProxy:
    """Passes everything on until `marker` is about to come back from the server; then it closes both ends, once."""

    def __init__(self, port: int, marker: bytes) -> None:
        self.target = port
        self.marker = marker
        self.cut = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                threading.Thread(target=self._pump, args=(near, far, b""), daemon=True).start()
                threading.Thread(target=self._pump, args=(far, near, self.marker), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, marker: bytes) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if marker and marker in data and not self.cut.is_set():
                    self.cut.set()
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no more calls."""
        self.listener.close()
