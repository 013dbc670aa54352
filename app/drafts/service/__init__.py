"""Words to send, made of what is known; nothing is sent or stored."""

from app.drafts.service.drafting import draft
from app.drafts.service.kinds import FollowUpUsed

__all__ = ["FollowUpUsed", "draft"]
