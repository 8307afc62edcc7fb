"""The one entry of the product: pages and API, the socket, and the lifespan."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disaster.config.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - after Django's set-up

from gis.tiles.door import Door  # noqa: E402
from realtime.lifespan import lifespan  # noqa: E402
from realtime.routing import urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {"http": Door(http), "websocket": URLRouter(urlpatterns), "lifespan": lifespan}
)
