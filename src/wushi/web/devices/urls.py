"""Addresses of wireless callers: the list, one of them, what is to be seen to, the ways in."""

from django.urls import path, re_path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushi.web.devices import door, errands, gateways, labels, views

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("work/devices/", asked(views.devices), name="work_devices"),
    path("work/devices/errands/", require_safe(errands.errands), name="work_errands"),
    path("work/devices/errands/<uuid:errand_id>/", require_POST(errands.done), name="work_errand_done"),
    path("work/devices/gateways/", asked(gateways.gateways), name="work_gateways"),
    path("work/devices/gateways/<uuid:gateway_id>/", require_POST(gateways.close), name="work_gateway_close"),
    path("work/devices/labels/", require_safe(labels.prints), name="work_labels"),
    path("work/devices/labels.pdf", require_safe(labels.sheets), name="work_labels_pdf"),
    path("work/devices/<uuid:device_id>/label.pdf", require_safe(labels.one), name="work_label_pdf"),
    # a county's six digits and the ten letters of a sticker; a door of a village or grid has 12 or 15 digits
    re_path(r"^d/(?P<code>[0-9]{6}[0-9A-Za-z]{10})/$", require_safe(door.sticker), name="door_sticker"),
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
