"""How much memory everything takes when idle, in production form: PSS of each service's processes, and their sum.

Each service is started by its own command out of `docker-compose.yml`, each page asked for once, then all is left alone
for half a minute. The proxy is counted when `caddy` is on PATH.
"""

import http.client
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.figures import limit
from tests.production import NAME, SERVICES, Production, group_of, proportional_kb

LIMIT_MB = 700.0
PAGES = ("/livez", "/healthz", "/accounts/login/", "/static/css/tokens.css")
QUICK = {"seconds": 8}


def run(*, seconds: int = 30) -> None:
    """Start all, wait, add up."""
    stack = Production(Path(tempfile.mkdtemp(prefix="rapport-memory-")))
    try:
        stack.start_servers()
        stack.start(*SERVICES)
        proxy = _proxy(stack)
        for page in PAGES * 4:
            _get(int(stack.ports["8000"]), page)
        time.sleep(seconds)
        sizes = {name: _size(one.process.pid) for name, one in stack.running.items() if one.process and name != "mail"}
        if proxy:
            sizes["proxy"] = _size(proxy.pid)
            proxy.terminate()
        for name, size in sizes.items():
            print(f"  {name}: {size:.0f} MB")
        limit("memory", product=sum(sizes.values()), hold=LIMIT_MB, unit="MB")
    finally:
        stack.stop()


def _size(pid: int) -> float:
    return sum(proportional_kb(one) for one in group_of(pid)) / 1024


def _get(port: int, page: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", page, headers={"Host": NAME, "X-Forwarded-Proto": "https"})
    connection.getresponse().read()
    connection.close()


def _proxy(stack: Production) -> "subprocess.Popen[bytes] | None":
    if not shutil.which("caddy"):
        return None
    config = stack.folder / "Caddyfile"
    config.write_text(f":0 {{\n reverse_proxy 127.0.0.1:{stack.ports['8000']}\n}}\n")
    env = {**stack.environment, "HOME": str(stack.folder), "XDG_DATA_HOME": str(stack.folder)}
    return subprocess.Popen(
        ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"], env=env, stderr=subprocess.DEVNULL
    )
