"""Where things stand, what to do today, and what would be if."""

from app.guidance.service.simulation import simulate
from app.guidance.service.verdicts import assess, status_history
from app.guidance.service.work import Queue, work

__all__ = ["Queue", "assess", "simulate", "status_history", "work"]
