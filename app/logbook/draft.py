from app.logbook.binding import Layout
from app.logbook.model import Problem, Severity
from app.logbook.sheet import Record
from app.logbook.text import LINE, NOTES, cut, is_clean, line, paragraph

_LONGEST_KEPT = 2_000


class Draft:
    """A row in the making: its cells by our columns, and what gathers on the way (problems, lines for the notes)."""

    def __init__(self, record: Record, layout: Layout) -> None:
        self.record = record
        self.layout = layout
        self.problems: list[Problem] = []
        self._kept: list[str] = []
        self._demand_clean()

    def first(self, ours: str) -> tuple[str | None, str]:
        """Give header and text of the best filled column of that name; `(None, "")` where all are blank."""
        return next(iter(self.all(ours)), (None, ""))

    def all(self, ours: str) -> list[tuple[str, str]]:
        """Give headers and texts of all filled columns of that name, the best first."""
        cells, headers = self.record.cells, self.layout.headers
        return [(headers[at], cells[at]) for at in self.layout.columns.get(ours, ()) if at in cells]

    def _demand_clean(self) -> None:
        used = {at for places in self.layout.columns.values() for at in places}
        for at, text in self.record.cells.items():
            if at in used and not is_clean(text):
                self.warn("bad-character", self.layout.headers[at], "Characters that cannot be stored are left out.")

    def warn(self, code: str, column: str | None, message: str, severity: Severity = "warning") -> None:
        """Tell of a problem, once."""
        named = cut(line(column) or "", LINE) if column else ""
        problem = Problem(code, named or None, message, severity)
        if problem not in self.problems:
            self.problems.append(problem)

    def keep(self, label: str | None, text: str) -> None:
        """Save for the notes what has no field of its own."""
        told = paragraph(text)
        if told:
            told = cut(told, _LONGEST_KEPT) if label else told
            name = line(label or "")
            entry = f"{name}: {told}" if name else told
            if entry not in self._kept:
                self._kept.append(entry)

    def notes(self) -> str | None:
        """All that was kept, within the limit of a note."""
        text = "\n".join(self._kept)
        if len(text) > NOTES:
            self.warn("too-long", None, f"The notes were cut at {NOTES} characters.")
        return cut(text, NOTES) or None

    def one_line(self, ours: str, limit: int = LINE) -> str | None:
        """Read a short field. What is too long for it is cut, and the whole kept in the notes."""
        header, text = self.first(ours)
        value = line(text) if header else None
        if value is not None and len(value) > limit:
            self.warn("too-long", header, f"Longer than {limit} characters: cut, the whole is in the notes.")
            self.keep(header, text)
            value = cut(value, limit)
        return value
