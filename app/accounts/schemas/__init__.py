"""Signing in, members and invitations on the wire."""
