"""Addresses of the people room."""

from django.urls import path

from disaster.people import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("api/sign-in", views.api_sign_in),
]
