"""Signing in, members and the logins of clients over HTTP."""

from fastapi import APIRouter

from app.accounts.router import auth, clients, members

router = APIRouter(routes=[*auth.router.routes, *members.router.routes, *clients.router.routes])
