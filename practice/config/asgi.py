"""Pages and sockets in one application (`make run`), or sockets alone behind the proxy (production)."""

import gc
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("PROCESS", "live")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.config.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402 - needs the app registry that get_asgi_application() fills

from practice.live.routing import sockets  # noqa: E402

application = ProtocolTypeRouter({"http": pages, "websocket": sockets()})

# What was loaded until here stays: looking through it for garbage held up every socket for 160 ms.
gc.collect()
gc.freeze()
