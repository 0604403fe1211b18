"""The bare side of `outbox-mail`: smtplib, which sends one mail again and again, a connection for a hundred.

python -m benchmarks.bare.smtp_send PORT FILE      sends as many as each line that comes says, and says how many
"""

import smtplib
import sys
from pathlib import Path

PER_CONNECTION = 100


def main() -> None:
    """Send at each line."""
    port, file = int(sys.argv[1]), Path(sys.argv[2])
    print("ready", flush=True)
    for line in sys.stdin:
        count, mail = int(line), file.read_bytes()
        for first in range(0, count, PER_CONNECTION):
            with smtplib.SMTP("127.0.0.1", port) as server:
                for _mail in range(min(PER_CONNECTION, count - first)):
                    server.sendmail("no-reply@localhost", ["u@bench.example"], mail)
        print(count, flush=True)


if __name__ == "__main__":
    main()
