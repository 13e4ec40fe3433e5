"""The frame of an exhibit: head, controls, views, foot, and the state that holds them together.

An exhibit is an ordinary ``ipywidgets.VBox``. It lives wherever widgets live: in a notebook with
a kernel, and on the static page without one, because every link in it is made in the browser.
"""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets as W
import traitlets as T

from posenc.exhibits.markup import plain
from posenc.views.base import View

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Head(View):
    """Title and instruction of an exhibit."""

    kind = T.Unicode("head").tag(sync=True)
    name = T.Unicode().tag(sync=True)
    title = T.Unicode().tag(sync=True)
    instruction = T.Unicode().tag(sync=True)
    bare = T.Bool(False).tag(sync=True)


class Foot(View):
    """Caption and tools of an exhibit, and the steward of its state in the browser."""

    kind = T.Unicode("foot").tag(sync=True)
    name = T.Unicode().tag(sync=True)
    title = T.Unicode().tag(sync=True)
    notice = T.Unicode().tag(sync=True)
    rules = T.List(T.Dict()).tag(sync=True)
    views = T.Int().tag(sync=True)


class Player(View):
    """A play button that moves a number: smoothly, or in whole steps with ``whole=True``.

    ``rate`` is in units of the number per second. It stops off-screen, in a hidden tab, and as
    soon as the reader takes hold of the number.
    """

    kind = T.Unicode("player").tag(sync=True)
    value = T.CFloat(0.0).tag(sync=True)
    min = T.CFloat(0.0).tag(sync=True)
    max = T.CFloat(1.0).tag(sync=True)
    rate = T.CFloat(8.0).tag(sync=True)
    whole = T.Bool(True).tag(sync=True)
    playing = T.Bool(False).tag(sync=True)
    label = T.Unicode("t").tag(sync=True)


@dataclass(frozen=True)
class Setting:
    """One key of an exhibit's state: which trait of which view, and what it may be.

    ``kind`` is "number", "whole", "even", "choice" or "text" (of at most ``max`` characters, none of
    them a control character). ``log`` marks a number on a logarithmic scale (it glides there when
    a phrase sets it); ``steps`` lists the values that a dragged number in the prose runs through;
    ``control`` is a slider without a readout, whose label is made to carry the exact value.
    """

    view: View
    trait: str
    label: str
    kind: str = "number"
    min: float | None = None
    max: float | None = None
    options: Sequence[str] = ()
    log: bool = False
    steps: Sequence[float] = ()
    control: W.Widget | None = None

    def rule(self, key: str) -> dict[str, Any]:
        """What the browser needs to know to read, check and set this key."""
        return {
            "key": key,
            "model": f"IPY_MODEL_{self.view.model_id}",
            "trait": self.trait,
            "label": self.label,
            "kind": self.kind,
            "min": self.min,
            "max": self.max,
            "options": list(self.options),
            "log": self.log,
            "steps": list(self.steps) or None,
            "default": getattr(self.view, self.trait),
            "control": self.control and f"IPY_MODEL_{self.control.model_id}",
            "words": self.control and self.control.description,
        }

    def schema(self) -> dict[str, Any]:
        """What it may be, as JSON Schema: the site's build holds the phrases of the prose to it."""
        if self.kind == "choice":
            return {"enum": list(self.options)}
        if self.kind == "text":
            said = {"type": "string", "maxLength": self.max}
        else:
            said = {
                "type": "number" if self.kind == "number" else "integer",
                "minimum": self.min,
                "maximum": self.max,
                "multipleOf": 2 if self.kind == "even" else None,
            }
        return {word: value for word, value in said.items() if value is not None}

    def name_value(self) -> None:
        """Writes the value into the control's label, as the browser does whenever it changes."""
        if self.control:
            value = getattr(self.view, self.trait)
            self.control.description += f' <b class="readout">{_parameter(value)}</b>'

    def check(self, key: str, value: Any) -> Any:
        """The value if it fits, else a ``ValueError`` that says what would.

        Raises:
            TypeError: the value is of a wrong type.
            ValueError: the value is outside the range or not one of the options.
        """
        if self.kind == "choice":
            if value not in self.options:
                raise ValueError(f"{key} must be one of {', '.join(self.options)}; got {value!r}")
            return value
        if self.kind == "text":
            return self._check_text(key, value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"{key} must be a number; got {value!r}")
        low = float("-inf") if self.min is None else self.min
        high = float("inf") if self.max is None else self.max
        if not low <= value <= high:
            raise ValueError(f"{key} must lie in {low:g} to {high:g}; got {value!r}")
        if self.kind != "number" and value != int(value):
            raise ValueError(f"{key} must be a whole number; got {value!r}")
        if self.kind == "even" and value % 2:
            raise ValueError(f"{key} must be even; got {value!r}")
        return value

    def _check_text(self, key: str, value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(f"{key} must be a text; got {value!r}")
        if self.max is not None and len(value) > self.max:
            raise ValueError(
                f"{key} must have at most {self.max:,.0f} characters; got {len(value):,}"
            )
        for at, char in enumerate(value):
            if unicodedata.category(char) == "Cc" and char not in "\t\n\r":
                raise ValueError(f"{key} must hold no control characters; got {char!r} at {at}")
        return value


def _parameter(value: float) -> str:
    """A base, width or length as ``js/format.js`` writes it: 10,000, 9.5, 3,162."""
    if value == int(value) or abs(value) >= 100:
        return f"{round(value):,}"
    return f"{round(value, 2):g}"


def controls(*children: W.Widget) -> W.HBox:
    """A row of controls in the exhibit's look."""
    box = W.HBox(list(children))
    box.add_class("controls")
    return box


class Exhibit(W.VBox):
    """A figure with its controls, its words and its tools.

    Args:
        name: The exhibit's name in links (``#name?b=10``) and in ``data-exhibit``.
        title, instruction, notice: The title, the one sentence that says what to do, and the
            caption that says what to notice; the markup of ``posenc.exhibits.markup``.
        controls: Ordinary ipywidgets, shown in one row above the views.
        views: The views, drawn one below the other.
        over: A row of controls that belongs to one of the views alone, and stands right above it.
        state: Key -> ``Setting``, in the order in which they must be set (what limits others
            first).
        picture: Makes the matplotlib figure that stands where nothing runs.
        alt: Says what that picture shows, for a reader who does not see it.
        bare: A figure without a frame, for an opening: its title and instruction are only spoken,
            it has no rule and no number, and its tools stand quietly under the caption.
    """

    def __init__(
        self,
        name: str,
        title: str,
        instruction: str,
        notice: str,
        *,
        views: Sequence[View],
        state: dict[str, Setting],
        picture: Callable[[], Figure],
        alt: Callable[[], str],
        controls: Iterable[W.Widget] = (),
        over: Mapping[View, W.Widget] | None = None,
        links: Iterable[W.Widget] = (),
        bare: bool = False,
    ) -> None:
        self._settings = dict(state)
        self._view = views[0]
        self._picture = picture
        self._alt = alt
        self._links = list(links)  # kept alive: a link that is collected stops linking
        self.head = Head(name=name, title=title, instruction=instruction, bare=bare)
        self.foot = Foot(
            name=name,
            title=title,
            notice=notice,
            rules=[s.rule(key) for key, s in self._settings.items()],
            views=len(views),
        )
        for setting in self._settings.values():
            setting.name_value()
        drawn: list[W.Widget] = []
        for view in views:
            if over and view in over:
                over[view].add_class("over")
                drawn.append(over[view])
            drawn.append(view)
        super().__init__([self.head, *controls, *drawn, self.foot])
        self.add_class("exhibit")
        if bare:
            self.add_class("bare")

    @property
    def state(self) -> dict[str, Any]:
        """The state as it is now, key by key."""
        return {key: getattr(s.view, s.trait) for key, s in self._settings.items()}

    def set(self, **values: Any) -> None:
        """Sets keys of the state, all or nothing: ``heatmap.set(b=10, t=3)``.

        Raises:
            KeyError: a key the exhibit does not have.
            TypeError, ValueError: a value that does not fit; nothing is changed then.
        """
        for key, value in values.items():
            if key not in self._settings:
                known = ", ".join(self._settings)
                raise KeyError(f"{self.foot.name} has no setting {key!r}; it has {known}")
            self._settings[key].check(key, value)
        for key, setting in self._settings.items():
            if key in values:
                setattr(setting.view, setting.trait, values[key])

    def __getattr__(self, name: str) -> Any:
        # heatmap.base and heatmap.values are the first view's: the exhibit is one thing to a reader
        view = self.__dict__.get("_view")
        if view is None or name.startswith("_"):
            raise AttributeError(name)
        try:
            return getattr(view, name)
        except AttributeError:
            raise AttributeError(f"the exhibit {self.foot.name} has no {name!r}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        view = self.__dict__.get("_view")
        if view is not None and not self.has_trait(name) and view.has_trait(name):
            setattr(view, name, value)
        else:
            super().__setattr__(name, value)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, and the printed picture with its words where nothing is live."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data["text/plain"] = f"{plain(self.head.title)}: {self._alt()}"
        data["image/png"] = png(self._picture())
        metadata = dict(metadata)
        metadata["image/png"] = {
            "alt": self._alt(),
            "title": plain(self.head.title),
            "caption": plain(self.foot.notice),
            "exhibit": self.foot.name,
            "settings": {key: setting.schema() for key, setting in self._settings.items()},
        }
        return data, metadata


def png(figure: Figure) -> str:
    """A matplotlib figure as base64 PNG, at twice the resolution of the page."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=160, bbox_inches="tight", pad_inches=0.05)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
