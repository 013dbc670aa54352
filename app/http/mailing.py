"""Letters that follow an answer, where the operator has configured mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from starlette.background import BackgroundTask

from app.http.house import house
from app.kit.post import Letter, Post


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail of one request; `app_url` is where its links lead, None where there is no such page."""

    post: Post | None
    app_url: str | None

    def after(self, response: Response, letters: Sequence[Letter]) -> Response:
        """Return `response`; once it has left, and so after the commit, `letters` are sent."""
        if self.post is not None and letters:
            response.background = BackgroundTask(self.post.send, letters)
        return response


async def mail(request: Request) -> Mail:
    """Return what sends the letters of this request."""
    here = house(request)
    return Mail(here.post, here.app_url)


Mailing = Annotated[Mail, Depends(mail)]
