"""Addresses of signing in and of posts."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushi.web.accounts import people, staff, views

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("sign-in/", asked(views.sign_in), name="sign_in"),
    path("sign-in/code/", asked(views.sign_in_code), name="sign_in_code"),
    path("sign-out/", require_POST(views.sign_out), name="sign_out"),
    path("me/", require_safe(views.me), name="me"),
    path("work/sign-in/", asked(views.work_sign_in), name="work_sign_in"),
    path("work/totp/", asked(views.work_totp), name="work_totp"),
    path("work/sign-out/", require_POST(views.work_sign_out), name="work_sign_out"),
    path("work/me/", require_safe(staff.work_me), name="work_me"),
    path("work/staff/", require_safe(staff.staff), name="work_staff"),
    path("work/staff/new/", asked(people.new_person), name="work_new_person"),
    path("work/staff/appoint/", asked(people.appoint), name="work_appoint"),
    path("work/staff/<uuid:post_id>/password/", asked(people.new_password), name="work_new_password"),
    path("work/staff/<uuid:post_id>/totp/", asked(people.reset_totp), name="work_reset_totp"),
    path("work/staff/<uuid:post_id>/end/", asked(staff.end_post), name="work_end_post"),
    path("work/staff/<uuid:post_id>/stand-in/", asked(staff.stand_in), name="work_stand_in"),
]
