"""The verbs on programmes, households and applications."""

from disaster.relief.needs.batch import Answer
from disaster.relief.needs.services.acting import act, act_many, approvable
from disaster.relief.needs.services.applying import amend, apply, enter_and_apply, visit
from disaster.relief.needs.services.granting import Row, Settled, grant_many, settle, settle_many
from disaster.relief.needs.services.holding import (
    card_refused,
    card_refused_many,
    cards_accepted,
    hold,
    release,
)
from disaster.relief.needs.services.households import Whole, change, enter, mark, reveal
from disaster.relief.needs.services.loading import Loaded, enter_many, errors_in
from disaster.relief.needs.services.members import change_member, enter_member, remove_member
from disaster.relief.needs.services.notices import notice_ends
from disaster.relief.needs.services.programmes import ProgrammeEntry, close_programme, open_programme
from disaster.relief.needs.services.returning import unsettle
from disaster.relief.needs.services.rosters import Listed, enter_members

__all__ = [
    "Answer",
    "Listed",
    "Loaded",
    "ProgrammeEntry",
    "Row",
    "Settled",
    "Whole",
    "act",
    "act_many",
    "amend",
    "apply",
    "approvable",
    "card_refused",
    "card_refused_many",
    "cards_accepted",
    "change",
    "change_member",
    "close_programme",
    "enter",
    "enter_and_apply",
    "enter_many",
    "enter_member",
    "enter_members",
    "errors_in",
    "grant_many",
    "hold",
    "mark",
    "notice_ends",
    "open_programme",
    "release",
    "remove_member",
    "reveal",
    "settle",
    "settle_many",
    "unsettle",
    "visit",
]
