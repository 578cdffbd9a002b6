"""Addresses of wireless callers: the list, one of them, what is to be seen to, the ways in."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushi.web.devices import errands, gateways, views

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("work/devices/", asked(views.devices), name="work_devices"),
    path("work/devices/errands/", require_safe(errands.errands), name="work_errands"),
    path("work/devices/errands/<uuid:errand_id>/", require_POST(errands.done), name="work_errand_done"),
    path("work/devices/gateways/", asked(gateways.gateways), name="work_gateways"),
    path("work/devices/gateways/<uuid:gateway_id>/", require_POST(gateways.close), name="work_gateway_close"),
    path("work/devices/<uuid:device_id>/", require_safe(views.device), name="work_device"),
    *(
        path(
            f"work/devices/<uuid:device_id>/{slug}/",
            require_POST(views.spot),
            {"slug": slug},
            name=f"work_device_{slug}",
        )
        for slug in ("install", "move")
    ),
    *(
        path(
            f"work/devices/<uuid:device_id>/{slug}/",
            require_POST(views.deed),
            {"slug": slug},
            name=f"work_device_{slug}",
        )
        for slug in views.DEEDS
    ),
]
