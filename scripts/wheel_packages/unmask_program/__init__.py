"""The program that this package carries, and the libraries that it opens at run time."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from typing import NoReturn, Optional

# What the program opens of the system, by the names that the loader knows, and what needs it. This package does not carry them: OpenBLAS comes
# with scipy-openblas32, and a copy of the others would miss the system's security updates and certificates.
_LIBRARIES = [
    (("libopenblas.so.0", "libopenblas.so"), "OpenBLAS, for most comparisons (pip install scipy-openblas32)"),
    (("libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"), "OpenSSL's libcrypto, for content hashes and catalogues"),
    (("libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"), "libcurl, for models of a hub"),
    (("libsqlite3.so.0", "libsqlite3.so"), "SQLite, for catalogues"),
]


def path() -> str:
    """The path of the program."""
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "unmask")


def openblas() -> Optional[str]:
    """The library in the package scipy-openblas32; None where that is not installed."""
    found = importlib.util.find_spec("scipy_openblas32")
    for folder in (found.submodule_search_locations or []) if found else []:
        library = os.path.join(folder, "lib", "libscipy_openblas.so")
        if os.path.exists(library):
            return library
    return None


def environment() -> dict[str, str]:
    """The environment for the program."""
    variables = dict(os.environ)
    library = openblas()
    if library:
        variables.setdefault("UNMASK_OPENBLAS", library)
    return variables


def missing_libraries() -> list[str]:
    """What the program would open and this system does not have, with what needs it. Empty where the system does not tell."""
    ldconfig = next((tool for tool in ("/sbin/ldconfig", "/usr/sbin/ldconfig") if os.path.exists(tool)), None)
    if ldconfig is None:
        return []
    listed = subprocess.run([ldconfig, "-p"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    known = {line.split()[0] for line in listed.splitlines() if "=>" in line}
    if not known:
        return []
    folders = [folder for folder in os.environ.get("LD_LIBRARY_PATH", "").split(":") if folder]

    def is_here(name: str) -> bool:
        return name in known or any(os.path.exists(os.path.join(folder, name)) for folder in folders)

    missing = [(names, use) for names, use in _LIBRARIES if not any(map(is_here, names))]
    return [use for names, use in missing if not (names[0].startswith("libopenblas") and openblas())]


def main() -> NoReturn:
    """The command `unmask`."""
    os.execve(path(), ["unmask", *sys.argv[1:]], environment())
