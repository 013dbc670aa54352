"""Where things stand and why, what to do today, who needs a coach, and what would be if."""

from app.guidance.service.explain import explain
from app.guidance.service.radar import Radar, caseload
from app.guidance.service.simulation import simulate
from app.guidance.service.verdicts import assess, status_history
from app.guidance.service.work import Queue, work

__all__ = ["Queue", "Radar", "assess", "caseload", "explain", "simulate", "status_history", "work"]
