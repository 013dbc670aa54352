"""Next actions in Postgres; this room alone writes `next_action` and `action_decision`.

Lock order: the opportunity, then the action on it.
"""
