"""A reader's own JupyterLab: a fresh environment made as the README says, and a browser in it.

The environment holds what `pip install -r requirements.txt` brings and JupyterLab, nothing else: no
Node, none of the packages that the book is built with. It is kept in .house/ and used again only
if it was made whole and from the same requirements; posenc itself is installed anew every time.
"""

from __future__ import annotations

import ast
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

# What a clone of the repository does not hold.
NOT_CLONED = shutil.ignore_patterns(
    ".git", ".venv", ".house", "_build", "node_modules", "__pycache__", "shared", ".*_cache",
    ".hypothesis", ".ipynb_checkpoints",
)  # fmt: skip
# Settings of the caller's shell that would let its Python or its Jupyter into the environment.
FOREIGN = ("CONDA", "IPYTHON", "JUPYTER", "MPL", "PYTHON", "VIRTUAL_ENV")
# The first NumPy 2 that has wheels for a Python: 2.0 up to 3.12.
OLDEST_NUMPY = {(3, 11): "2.0", (3, 12): "2.0", (3, 13): "2.1", (3, 14): "2.3"}
INSTALL_WITHIN = 600  # s
START_WITHIN = 90  # s
RUN_WITHIN = 180  # s, a whole notebook
TOKEN = "posenc"


class LabError(Exception):
    """Something between an empty environment and a living notebook did not work."""


def checkout_copy(root: Path, to: Path) -> Path:
    """Copies a checkout as a clone would hold it, so that nothing is written into the original."""
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(root, to, ignore=NOT_CLONED))


@dataclass(frozen=True)
class Environment:
    """A virtual environment beside a copy of the checkout."""

    folder: Path

    @property
    def copy(self) -> Path:
        """The copy of the checkout that was installed, with the notebooks."""
        return self.folder / "checkout"

    def program(self, name: str) -> Path:
        return self.folder / "env" / "bin" / name

    def variables(self, *, own_home: bool = True) -> dict[str, str]:
        """Environment variables that show programs this environment and nothing else.

        PATH holds its programs only. ``own_home=False`` keeps the caller's home, where pip looks
        for its settings and its cache.
        """
        kept = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
        kept |= {"PATH": str(self.program("")), "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}
        if own_home:
            home = self.folder / "home"
            home.mkdir(exist_ok=True)
            places = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
            kept |= {f"JUPYTER_{place}": str(home / place.lower()) for place in places}
            kept |= {
                "HOME": str(home),
                "IPYTHONDIR": str(home / "ipython"),
                "MPLCONFIGDIR": str(home / "matplotlib"),
                "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
                "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
                "JUPYTER_NO_CONFIG": "1",
            }
        return kept

    def run(self, name: str, *words: str | Path, within: int, own_home: bool = True) -> str:
        """Runs one of the environment's programs in the copy and returns what it printed.

        Raises LabError with the end of its output when it fails or takes too long.
        """
        command = [str(self.program(name)), *map(str, words)]
        shown = " ".join([name, *map(str, words)])
        try:
            done = subprocess.run(
                command,
                cwd=self.copy,
                env=self.variables(own_home=own_home),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=within,
            )
        except subprocess.TimeoutExpired as late:
            said = late.stdout or b""
            text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
            raise LabError(f"`{shown}` took more than {within} s.\n{text[-3000:]}") from None
        if done.returncode != 0:
            raise LabError(f"`{shown}` ended with {done.returncode}.\n{done.stdout[-6000:]}")
        return done.stdout

    def numpy(self) -> str:
        """The version of NumPy in it."""
        code = "import numpy; print(numpy.__version__)"
        return self.run("python", "-c", code, within=60).strip()

    def execute(self, notebook: Path, *, within: int = RUN_WITHIN) -> dict[str, Any]:
        """Runs a notebook top to bottom with nbclient and returns it with its outputs.

        ``notebook`` is a path in the copy. Raises LabError with the traceback of a cell that fails.
        """
        out = self.folder / "executed.ipynb"
        out.unlink(missing_ok=True)
        self.run(
            "jupyter-execute",
            f"--timeout={within}",
            f"--output={out.with_suffix('')}",
            self.copy / notebook,
            within=within + 60,
        )
        executed: dict[str, Any] = json.loads(out.read_text("utf-8"))
        return executed


def make_environment(root: Path, name: str, *extra: str) -> Environment:
    """Makes the environment NAME for the checkout at ``root``: requirements.txt, and ``extra``.

    It lies in .house/lab-NAME-DIGEST; the digest covers the requirements, ``extra`` and the
    version of Python. One that was not finished, or for other requirements, is made anew.

    Raises
    ------
    LabError
        requirements.txt is missing, or pip could not install it; with pip's own words.
    """
    requirements = root / "requirements.txt"
    if not requirements.is_file():
        raise LabError("requirements.txt is missing at the top of the checkout")
    total = hashlib.sha256(repr((sys.version_info[:3], extra, str(root))).encode())
    for source in (requirements, root / "pyproject.toml"):
        total.update(source.read_bytes())
    house = root / ".house"
    house.mkdir(exist_ok=True)
    environment = Environment(house / f"lab-{name}-{total.hexdigest()[:12]}")
    complete = environment.folder / "complete"
    with (house / f"lab-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # pytest may run in several processes
        for old in house.glob(f"lab-{name}-*"):
            if old != environment.folder or not complete.exists():
                shutil.rmtree(old, ignore_errors=True)
        checkout_copy(root, environment.copy)
        if not complete.exists():
            command = [sys.executable, "-m", "venv", str(environment.folder / "env")]
            subprocess.run(command, check=True, capture_output=True)
        # posenc comes from the copy, so pip installs it again each time; the rest is there already
        install = ["-m", "pip", "install", "--progress-bar=off", "--disable-pip-version-check"]
        install += ["--quiet", "-r", "requirements.txt"]
        environment.run("python", *install, *extra, within=INSTALL_WITHIN, own_home=False)
        complete.touch()
    return environment


@contextlib.contextmanager
def jupyter_lab(environment: Environment) -> Iterator[str]:
    """Starts JupyterLab on a free port of this machine and yields its address; stops it after.

    Raises LabError with the end of its log when it does not answer.
    """
    home = environment.folder / "home"
    for place in ("settings", "workspaces"):  # a reader's first visit, every time
        shutil.rmtree(home / place, ignore_errors=True)
    news = home / "settings" / "@jupyterlab" / "apputils-extension"
    news.mkdir(parents=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    (news / "notification.jupyterlab-settings").write_text(json.dumps(quiet), "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(environment.program("jupyter-lab")),
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={environment.copy}",
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--LabApp.expose_app_in_browser=True",  # the tests read cells through `jupyterapp`
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    log = environment.folder / "lab.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            command,
            cwd=environment.copy,
            env=environment.variables(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for_answer(f"{address}/api/status?token={TOKEN}", server, log)
        yield address
    finally:
        server.terminate()  # it shuts its kernels down
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_for_answer(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once the server answers; raises LabError when it ends or takes too long."""
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    end = log.read_text("utf-8", "replace")[-3000:]
    raise LabError(f"JupyterLab did not answer within {START_WITHIN} s.\n{end}")


PANEL = "jupyterapp.shell.currentWidget"
# Every code cell with a source has run, or one of them has failed.
FINISHED = f"""() => {{
  const cells = [...{PANEL}.content.model.cells].filter((c) => c.type === "code" && c.sharedModel.source.trim());
  const failed = cells.some((c) => [...Array(c.outputs.length).keys()].some((k) => c.outputs.get(k).type === "error"));
  const idle = {PANEL}.sessionContext.session?.kernel?.status === "idle";
  return failed || (idle && cells.every((c) => c.executionCount !== null && c.executionState !== "running"));
}}"""
ASK = f"""async (expression) => {{
  const kernel = {PANEL}.sessionContext.session.kernel;
  const code = "import json as _json";
  const asked = kernel.requestExecute({{
    code, silent: true, store_history: false,
    user_expressions: {{ answer: `_json.dumps(${{expression}})` }},
  }});
  return (await asked.done).content;
}}"""


class Notebook:
    """A notebook open in JupyterLab: its cells, its kernel, and the exhibits in its outputs."""

    def __init__(self, browser: Browser, address: str, path: str, *, dark: bool = False) -> None:
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 900},
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        self.page: Page = self.context.new_page()
        self.outside: list[str] = []
        self.errors: list[str] = []
        here = (address, address.replace("http", "ws", 1), "data:", "blob:")
        self.page.on(
            "request", lambda r: None if r.url.startswith(here) else self.outside.append(r.url)
        )
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        # a workspace of its own: JupyterLab opens what was open before, and looks at that
        place = f"lab/workspaces/{time.time_ns():x}/tree/{path}"
        self.page.goto(f"{address}/{place}?token={TOKEN}")
        self.page.wait_for_function(
            "() => globalThis.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
            "?.status === 'idle'",
            timeout=60_000,
        )

    def close(self) -> None:
        """Shuts the kernel down and closes the window."""
        self.page.evaluate(f"() => {PANEL}.sessionContext.shutdown()")
        self.context.close()

    def theme(self, name: str) -> None:
        """Changes JupyterLab's theme, "JupyterLab Light" or "JupyterLab Dark"."""
        self.page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name
        )
        light = "false" if "Dark" in name else "true"
        self.page.wait_for_selector(f'body[data-jp-theme-light="{light}"]', state="attached")

    def run_all(self) -> None:
        """Chooses Run All Cells in the menu and waits until all have run.

        Raises LabError with the traceback of a cell that failed.
        """
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        self.page.wait_for_function(FINISHED, timeout=RUN_WITHIN * 1000, polling=250)
        for cell in self.cells():
            for output in cell.get("outputs", ()):
                if output["output_type"] == "error":
                    trace = "\n".join(output["traceback"])
                    raise LabError(f"this cell failed:\n{cell['source']}\n{trace}")

    def cells(self) -> list[dict[str, Any]]:
        """The notebook's cells as they are now, in nbformat."""
        cells = self.page.evaluate(f"() => [...{PANEL}.content.model.cells].map((c) => c.toJSON())")
        for cell in cells:
            if isinstance(cell["source"], list):
                cell["source"] = "".join(cell["source"])
        return list(cells)

    def exhibits(self) -> dict[str, int]:
        """The exhibits in the outputs: name -> number of the cell."""
        found: dict[str, int] = {}
        for number, cell in enumerate(self.cells()):
            for output in cell.get("outputs", ()):
                name = output.get("metadata", {}).get("image/png", {}).get("exhibit")
                if name and "application/vnd.jupyter.widget-view+json" in output["data"]:
                    found[name] = number
        return found

    def show(self, cell: int) -> None:
        """Scrolls to a cell."""
        self.page.evaluate(f"n => {PANEL}.content.scrollToItem(n, 'start')", cell)

    def type_cell(self, code: str) -> str:
        """Types a line into a new cell at the end, runs it, and returns what it printed or gave.

        Raises LabError when it fails.
        """
        self.page.evaluate(
            f"async () => {{ const book = {PANEL}.content;"
            "book.activeCellIndex = book.model.cells.length - 1;"
            "await jupyterapp.commands.execute('notebook:insert-cell-below');"
            "await book.scrollToItem(book.activeCellIndex);"
            "await jupyterapp.commands.execute('notebook:enter-edit-mode'); }"
        )
        self.page.wait_for_selector(".jp-Notebook.jp-mod-editMode .jp-Cell.jp-mod-active")
        self.page.keyboard.type(code)
        typed = self.page.evaluate(f"() => {PANEL}.content.activeCell.model.sharedModel.source")
        if typed != code:
            raise LabError(f"the cell reads {typed!r} where {code!r} was typed")
        number = self.page.evaluate(f"() => {PANEL}.content.activeCellIndex")
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(FINISHED, timeout=60_000, polling=100)
        said = []
        for output in self.cells()[number]["outputs"]:
            if output["output_type"] == "error":
                raise LabError(f"{code} failed:\n" + "\n".join(output["traceback"]))
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            said.append(text if isinstance(text, str) else "".join(text))
        return "".join(said).strip()

    def drop_last_cell(self) -> None:
        """Takes the last cell away, an error with it."""
        self.page.evaluate(
            f"async () => {{ const book = {PANEL}.content;"
            "book.activeCellIndex = book.model.cells.length - 1;"
            "await jupyterapp.commands.execute('notebook:delete-cell'); }"
        )

    def python(self, expression: str) -> Any:
        """The value of a Python expression in the notebook's kernel, through JSON."""
        for _ in range(20):
            content = self.page.evaluate(ASK, expression)
            if content["status"] != "aborted":  # as the kernel does just after a cell has failed
                break
            self.page.wait_for_timeout(100)
        answer = content.get("user_expressions", {}).get("answer", {})
        if answer.get("status") != "ok":
            raise LabError(f"the kernel could not tell {expression}: {answer or content}")
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def wait_for_python(self, expression: str, value: Any, within: float = 10) -> Any:
        """Waits until a Python expression equals ``value``; returns the last answer either way."""
        deadline = time.monotonic() + within
        answer = self.python(expression)
        while answer != value and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)
            answer = self.python(expression)
        return answer


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """The code cells of a notebook that have a source."""
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    return [c for c in cells if "".join(c["source"]).strip()]
