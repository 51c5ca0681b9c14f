"""Addresses of the demonstration world."""

from __future__ import annotations

from django.urls import path

from concordat.demo import views

urlpatterns = [path("sign-in", views.sign_in, name="sign-in")]
