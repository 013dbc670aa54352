"""Which room writes which table; nobody else does (ARCHITECTURE.md section 1, rule 6)."""

WRITERS: dict[str, set[str]] = {
    # `practices` makes the first one; `access` notes when one was last used: it works before a tenant is known.
    "api_key": {"keys", "practices", "access"},
    "audit_event": {"db"},
    # A trigger links every entry to the one before (migration 0008); no code writes the chain.
    "audit_head": {"db"},
    "audit_link": {"db"},
    # Triggers write what changed and who is told (migration 0013); no code does.
    "change": {"db"},
    "change_reader": {"db"},
    "client": {"clients"},
    "client_coach": {"clients"},
    "company": {"companies"},
    "contact": {"companies"},
    "erased_client": {"clients"},
    "ghosting_step": {"assessments"},
    "import_file": {"imports"},
    "import_row": {"imports"},
    "interaction": {"interactions"},
    "interaction_revision": {"interactions"},
    # The first owner of a practice is part of its making; everybody after them is a matter of `accounts`.
    "invitation": {"practices", "accounts"},
    "kept_answer": {"db"},
    "login": {"accounts"},
    "login_session": {"accounts"},
    "login_token": {"accounts"},
    "member": {"practices", "accounts"},
    "opportunity": {"opportunities"},
    "opportunity_contact": {"opportunities"},
    "password_reset": {"accounts"},
    "policy": {"policies", "practices"},
    "practice": {"practices"},
    "rate_window": {"access"},
    "visitor_answer": {"db"},
}
