"""Where the socket stands."""

from django.urls import path

from realtime.consumers import Socket

urlpatterns = [path("ws/", Socket.as_asgi())]
