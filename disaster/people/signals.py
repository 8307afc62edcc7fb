"""What happens at every sign-in and every failed one, whichever door was used."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from disaster.people.models import Person
from disaster.people.scope import rights_of

DESK_SESSION_S = 12 * 3600
"""A desk's session ends after a working day; an officer's phone stays signed in."""


@receiver(user_logged_in, dispatch_uid="people.limit_session")
def limit_session(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Let the session of a desk, and of whoever enters the administration, end with the day."""
    if user.is_staff or rights_of(user, on=timezone.localdate()).is_desk:
        request.session.set_expiry(DESK_SESSION_S)


@receiver(pre_save, sender=AccessAttempt, dispatch_uid="people.forget_what_was_typed")
def forget_what_was_typed(sender: Any, instance: AccessAttempt, **kwargs: Any) -> None:
    """Keep no form in the failure table: what was typed there may be a telephone number."""
    instance.get_data = instance.post_data = ""
