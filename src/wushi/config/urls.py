"""All routes: the faces, the API, the two questions of a load balancer."""

from django.urls import include, path

from wushi.api.urls import api
from wushi.edge import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", api.urls),
    path("in/", include("wushi.gateway.urls")),
    path("", include("wushi.web.urls")),
]
handler400 = "wushi.edge.errors.bad_request"
handler403 = "wushi.edge.errors.forbidden"
handler404 = "wushi.edge.errors.not_found"
handler500 = "wushi.edge.errors.server_fault"
