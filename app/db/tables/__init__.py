"""Every table, so that the metadata is whole wherever one of them is imported."""

from app.db.tables.access import api_key, invitation, member, practice
from app.db.tables.answers import kept_answer, visitor_answer
from app.db.tables.audit import audit_event, audit_head, audit_link
from app.db.tables.changes import change, change_member, change_reader
from app.db.tables.clients import client, client_coach, erased_client
from app.db.tables.companies import company, contact
from app.db.tables.ghosting import ghosting_step, policy
from app.db.tables.guidance import (
    action_decision,
    activity_opportunity,
    derived_win,
    development_activity,
    next_action,
    win,
)
from app.db.tables.imports import import_file, import_row
from app.db.tables.interactions import interaction, interaction_revision
from app.db.tables.limits import rate_window
from app.db.tables.logins import login, login_session, login_token, password_reset
from app.db.tables.opportunities import opportunity, opportunity_contact
from app.db.tables.silences import silence, silence_change

__all__ = [
    "action_decision",
    "activity_opportunity",
    "api_key",
    "audit_event",
    "audit_head",
    "audit_link",
    "change",
    "change_member",
    "change_reader",
    "client",
    "client_coach",
    "company",
    "contact",
    "derived_win",
    "development_activity",
    "erased_client",
    "ghosting_step",
    "import_file",
    "import_row",
    "interaction",
    "interaction_revision",
    "invitation",
    "kept_answer",
    "login",
    "login_session",
    "login_token",
    "member",
    "next_action",
    "opportunity",
    "opportunity_contact",
    "password_reset",
    "policy",
    "practice",
    "rate_window",
    "silence",
    "silence_change",
    "visitor_answer",
    "win",
]
