"""The door to every `make` verb: looks at the Python it runs on, then hands over to `workshop`.

This one file keeps to a syntax that every Python still in use can parse, because its first duty is
to tell an old one, in one sentence, what is needed. It needs nothing but the standard library.
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NAMES = ("python3.13", "python3.12", "python3.11", "python3.14", "python3")


def version_of(command):
    """Return (major, minor) of a Python command, or None when it does not run."""
    code = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        said = subprocess.check_output([command, "-c", code], stderr=subprocess.PIPE)
        major, minor = said.decode("ascii").split()
        return int(major), int(minor)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None


def newer_python():
    """Return the name of a command on PATH that is a Python new enough, or None."""
    which = getattr(shutil, "which", lambda name: name)
    for name in NAMES:
        if which(name) and (version_of(name) or (0, 0)) >= OLDEST:
            return name
    return None


def refusal(found, verb):
    """Return the sentence that a Python too old is answered with, and the way out.

    found: (major, minor, ...) of the running Python; verb: what was asked of make.
    """
    sentence = "Python %d.%d or later is needed; found %d.%d" % (OLDEST + tuple(found[:2]))
    better = newer_python()
    if better:
        return sentence + "; try: make PYTHON=%s %s" % (better, verb)
    return sentence + "; install one (python3.12, say), then: make PYTHON=python3.12 " + verb


def main(arguments):
    """Run one verb; return the exit status."""
    if tuple(sys.version_info[:2]) < OLDEST:
        sys.stderr.write(refusal(sys.version_info, (arguments or ["book"])[0]) + "\n")
        return 1
    sys.dont_write_bytecode = True
    from workshop.verbs import run_verb

    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return run_verb(root, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
