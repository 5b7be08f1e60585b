"""Pages that are given again as they were made, while everything that they were made from reads the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, NamedTuple, ParamSpec

from flask import Flask, Response, current_app, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from innovation.db import begin_reading, db
from innovation.languages import spoken
from innovation.packing import Piece, joined, packed
from innovation.traces import Look, Question, Trace, fresh, tracing
from innovation.web import me

MOST_BYTES = 4_000_000  # of all pages that a process keeps
ADDRESS = (
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT"),
    *("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
)
P = ParamSpec("P")


class Page(NamedTuple):
    """A page in pieces, between which stands what is made anew each time; and all that it was made from."""

    pieces: tuple[Piece, ...]
    between: tuple[str, ...]
    fresh: Mapping[str, Callable[[], str]]
    afterwards: tuple[Callable[[], Callable[[], None]], ...]
    seen: tuple[Question | Look, ...]
    settings: Any

    @property
    def size(self) -> int:
        return sum(piece.size for piece in self.pieces)

    def is_same(self, cursor: Any) -> bool:
        """Is all of it as it was? The first difference ends the search."""
        return self.settings is current_app.config["SETTINGS"] and all(each.is_same(cursor) for each in self.seen)

    def answer(self) -> Response:
        """The page with what is made anew, packed for whoever takes it so."""
        made = {name: escape(make()).encode() for name, make in self.fresh.items()}
        new = [made[name] for name in self.between]
        takes_packed = request.accept_encodings["gzip"] > 0
        answer = Response(packed(self.pieces, new) if takes_packed else joined(self.pieces, new), mimetype="text/html")
        if takes_packed:
            answer.headers["Content-Encoding"] = "gzip"
            answer.headers["Vary"] = "Accept-Encoding"
        for do in self.afterwards:
            answer.call_on_close(do())
        return answer


class Pages:
    """The pages that a process keeps: those that were asked for last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, Page] = OrderedDict()
        self._lock, self._size = Lock(), 0

    def find(self, key: Any) -> Page | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: Any, page: Page) -> None:
        with self._lock:
            self._drop(key)
            self._kept[key] = page
            self._size += page.size
            while self._size > MOST_BYTES:
                self._drop(next(iter(self._kept)))

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0

    def _drop(self, key: Any) -> None:
        gone = self._kept.pop(key, None)
        self._size -= gone.size if gone is not None else 0


def unless_changed(view: Callable[P, Any]) -> Callable[P, Any]:
    """Give a page again to the person it was made for, while it would come out the same.

    Each time, the database is asked all that it was asked to make the page, or what that stands on (of a history, its
    head), and the answers are compared; so are the date and whatever else goes through ``traces.look``. A view of this
    kind may read the address, the session, who asks, the settings and the database. What it gives besides a page, or
    what it has read the clock for, is not kept.
    """

    @wraps(view)
    def give(*args: P.args, **kwargs: P.kwargs) -> Any:
        pages, key = _pages(), _key(view)
        page = pages.find(key) if request.method == "GET" else None
        if page is not None and _reads_the_same(page):
            return page.answer()
        trace = Trace(spoilt=request.method != "GET" or len(db.session().identity_map) > 0)
        with tracing(trace):
            answer = view(*args, **kwargs)
        text = _text_of(answer)
        if not isinstance(text, str):
            return _filled_in(answer, trace)
        page = _page(text, trace)
        if not trace.spoilt and _key(view) == key:  # it has told no news, which would be in the session
            pages.keep(key, page)
        return page.answer()

    return give


def _pages() -> Pages:
    found: Pages = current_app.extensions["pages"]
    return found


def _key(view: Callable[..., Any]) -> tuple[Any, ...]:
    """Everything besides the database that a view may read."""
    asks = me()
    address = [request.environ.get(name) for name in ADDRESS]
    said = sorted(each for each in session.items() if each[0] != "csrf_token")
    return view, *address, spoken(), asks, asks.is_demo, repr(said)


def _reads_the_same(page: Page) -> bool:
    try:
        cursor = db.session.connection().connection.cursor()
        try:
            return page.is_same(cursor)
        finally:
            cursor.close()
    except db.engine.dialect.loaded_dbapi.Error:  # the view meets it as well, and says what is to be said
        db.session.rollback()
        begin_reading()
        return False


def _text_of(answer: Any) -> Any:
    """The text of a page that was found; some views say 200 themselves."""
    return answer[0] if isinstance(answer, tuple) and answer[1:] == (200,) else answer


def _page(text: str, trace: Trace) -> Page:
    found = trace.parted(text)
    pieces, between = tuple(map(Piece, found[::2])), tuple(found[1::2])
    return Page(
        pieces, between, trace.fresh, tuple(trace.afterwards), tuple(trace.seen), current_app.config["SETTINGS"]
    )


def _filled_in(answer: Any, trace: Trace) -> Any:
    """An answer that is no page of its own, with everything in the place of its stand-in."""
    made = current_app.make_response(answer)
    if trace.fresh and not made.direct_passthrough:
        found = trace.parted(made.get_data(as_text=True))
        found[1::2] = [str(escape(trace.fresh[name]())) for name in found[1::2]]
        made.set_data("".join(found))
    for do in trace.afterwards:
        made.call_on_close(do())
    return made


def install(app: Flask) -> None:
    """Keep pages, and let forms in them have tokens of their own."""
    app.extensions["pages"] = Pages()
    app.jinja_env.globals["csrf_token"] = _token
    app.context_processor(lambda: {"csrf_token": _token})


def _token() -> str:
    return fresh(_signed_token)


def _signed_token() -> str:
    secret = session.get("csrf_token")
    return _signed(secret, current_app.secret_key) if secret else str(generate_csrf())


@lru_cache(maxsize=256)
def _signed(_secret: str, _key: str) -> str:
    """The token of a session, which is good as long as the session is: signing it costs more than what it is in."""
    return str(generate_csrf())
