"""Ways in for devices' messages."""

from django.urls import path

from wushi.gateway.callbacks import take

urlpatterns = [path("<str:county>/<str:gateway>", take, name="callback")]
