"""Which room writes which table; nobody else does (ARCHITECTURE.md section 1, rule 6)."""

WRITERS: dict[str, set[str]] = {
    # `access` notes when a key was last used: it works before a tenant is known.
    "api_key": {"practices", "access"},
    "audit_event": {"db"},
    "client": {"clients"},
    "client_coach": {"clients"},
    "company": {"companies"},
    "contact": {"companies"},
    "ghosting_step": {"assessments"},
    "import_file": {"imports"},
    "import_row": {"imports"},
    "interaction": {"interactions"},
    "interaction_revision": {"interactions"},
    "invitation": {"practices"},
    "member": {"practices"},
    "opportunity": {"opportunities"},
    "opportunity_contact": {"opportunities"},
    "policy": {"policies", "practices"},
    "practice": {"practices"},
}
