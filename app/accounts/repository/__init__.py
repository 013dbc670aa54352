"""Members, logins, invitations and sign-ins in Postgres."""
