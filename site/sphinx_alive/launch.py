"""Links that open a page's notebook where it can be run: Binder and Colab.

The notebook of the page ``book/waves`` is ``notebooks/waves.ipynb`` in the book's repository. Which
repository that is comes from the environment of the build, or from git; nothing of it is in the book's
configuration, so a fork's site leads to the fork. Themes draw `launch_links`: a list of dicts with
`name`, `title` and `href`, empty where the repository is unknown or not on a public forge.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from sphinx.application import Sphinx

#: The same repository as https, ssh and scp-like addresses name it.
ADDRESS = re.compile(
    r"(?:https?://(?:[^@/\s]+@)?|ssh://(?:[^@/\s]+@)?|git@)"
    r"(?P<host>github\.com|gitlab\.com)[:/](?P<path>[\w.-]+/[\w.-]+?)(?:\.git)?/?\Z"
)
BARE = re.compile(r"[\w.-]+/[\w.-]+\Z")


def git(folder: Path, *words: str) -> str | None:
    """What git says in `folder`; None where it says nothing or is not there."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(folder), *words],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None


def repository(folder: Path, env: dict[str, str]) -> tuple[str, str] | None:
    """(host, owner/name) of the book's repository; None if it is not on a known public forge.

    Asked in this order: ``ALIVE_REPOSITORY``, ``READTHEDOCS_GIT_CLONE_URL``, ``GITHUB_REPOSITORY``,
    git's remote `origin`. The first that is set decides.
    """
    for key in ("ALIVE_REPOSITORY", "READTHEDOCS_GIT_CLONE_URL", "GITHUB_REPOSITORY"):
        if env.get(key):
            value: str | None = env[key].strip()
            break
    else:
        value = git(folder, "remote", "get-url", "origin")
    if not value or foreign_forge(env):
        return None
    if BARE.match(value):
        return "github.com", value
    found = ADDRESS.match(value)
    return (found["host"], found["path"]) if found else None


def foreign_forge(env: dict[str, str]) -> bool:
    """Is this GitHub's software on somebody's own host? Neither Binder nor Colab reaches that."""
    server = env.get("GITHUB_SERVER_URL", "https://github.com")
    return bool(env.get("GITHUB_REPOSITORY")) and server.rstrip("/") != "https://github.com"


def branch(folder: Path, env: dict[str, str]) -> str:
    """The branch that the links lead to: ``ALIVE_BRANCH``, CI's, git's, or main."""
    for key in ("ALIVE_BRANCH", "READTHEDOCS_GIT_IDENTIFIER", "GITHUB_REF_NAME"):
        if env.get(key):
            return env[key]
    found = git(folder, "rev-parse", "--abbrev-ref", "HEAD")
    return found if found and found != "HEAD" else "main"


def links(host: str, path: str, ref: str, notebook: str) -> list[dict[str, str]]:
    """The launch links of one notebook of a repository."""
    ref = quote(ref, safe="")
    forge = {"github.com": "gh", "gitlab.com": "gl"}[host]
    found = [
        {
            "name": "Binder",
            "title": "Open this page's notebook on Binder",
            "href": f"https://mybinder.org/v2/{forge}/{quote(path, safe='' if forge == 'gl' else '/')}"
            f"/{ref}?urlpath=lab/tree/{quote(notebook)}",
        }
    ]
    if host == "github.com":
        found.append(
            {
                "name": "Colab",
                "title": "Open this page's notebook in Colab",
                "href": f"https://colab.research.google.com/github/{path}/blob/{ref}/{quote(notebook)}",
            }
        )
    return found


def notebook_of(app: Sphinx, page: str) -> str | None:
    """The notebook of a page, from the top of the book, if the page has one and it is there."""
    if page not in app.env.all_docs or "kernelspec" not in app.env.metadata.get(page, {}):
        return None
    folder = PurePosixPath(app.config.alive_notebooks)
    name = folder / f"{PurePosixPath(page).name}.ipynb"
    return str(name) if Path(app.confdir, name).is_file() else None


def page_context(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    found: tuple[str, str, str, str] | None = app.__dict__.get("_alive_repository")
    notebook = notebook_of(app, page)
    if found and notebook:
        host, path, ref, prefix = found
        context["launch_links"] = links(host, path, ref, prefix + notebook)
    else:
        context["launch_links"] = []


def look(app: Sphinx) -> None:
    where, env = Path(app.confdir), dict(os.environ)
    found = repository(where, env)
    if found:  # the book need not be at the top of its repository
        prefix = git(where, "rev-parse", "--show-prefix") or ""
        app.__dict__["_alive_repository"] = (*found, branch(where, env), prefix)


def setup(app: Sphinx) -> None:
    app.add_config_value("alive_notebooks", "notebooks", "html", [str])
    app.connect("builder-inited", look)
    app.connect("html-page-context", page_context)
