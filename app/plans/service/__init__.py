"""What to do besides waiting, and where a search stands."""

from app.plans.service.plan import plan
from app.plans.service.rooms import WINS, Wins
from app.plans.service.summary import summary

__all__ = ["WINS", "Wins", "plan", "summary"]
