"""Says from the weights alone whether one language model is derived from another.

    import unmask

    result = unmask.compare("theirs", "ours")
    result["verdict"]["relation"]       # "derived"
    result["verdict"]["coverage"]       # 1.0
    result["verdict"]["cosine"]         # 0.998

Every function runs the program `unmask` that this package carries, and returns the JSON document that it writes. The members of the documents
are published as JSON schemas with the program; an undefined number is None. Nothing is computed in Python. A model is a path, or the name of a
repository of the Hugging Face hub. Threads may call all functions at the same time.
"""

from __future__ import annotations

import json
import os
import subprocess
import warnings
from typing import Any, Iterable, Literal, Mapping, Optional, Sequence, Union

from unmask_program import environment as _environment, missing_libraries as _missing_libraries, path as _program

__all__ = ["Depth", "Path", "UnmaskError", "compare", "heatmap", "identify", "inspect", "scan", "sketch", "tree", "verify", "version"]

Path = Union[str, "os.PathLike[str]"]
Depth = Literal["quick", "standard", "thorough"]


class UnmaskError(Exception):
    """The program ended with an error.

    exit_code: 64 wrong usage, 65 a file is invalid or no model, 66 no such file, 70 a fault of unmask itself, 74 reading or writing failed,
               77 a hub does not permit reading, 127 a library of the system is missing
    line:      what the program wrote of it: what, where, and what to do
    result:    the document that the program wrote all the same; None without one
    """

    def __init__(self, exit_code: int, line: str, result: Optional[dict[str, Any]] = None) -> None:
        super().__init__(line)
        self.exit_code = exit_code
        self.line = line
        self.result = result

    def __reduce__(self) -> Any:
        return type(self), (self.exit_code, self.line, self.result)


def compare(
    candidate: Path, foundation: Path, *, depth: Optional[Depth] = None, component: Optional[str] = None, base: Optional[Path] = None,
    card: bool = False, explain: bool = False, hash: bool = False, threads: Optional[int] = None,
) -> dict[str, Any]:
    """Whether the candidate is derived from the foundation: the document of `unmask compare`.

    depth:     how far the search for rewrites goes; None for "standard", and for models of a hub "quick"
    component: the part to compare alone, such as "vision_tower"
    base:      the base of an adapter, where its configuration names none that is here
    card:      also hold the candidate's model card against the weights (member "card")
    explain:   also say how the verdict came about, step by step (member "explanation")
    hash:      also compute the content hashes of both models
    """
    return _run(
        "compare", [candidate, foundation], depth=depth, component=component, base=base, card=card, explain=explain, hash=hash, threads=threads)


def inspect(
    model: Path, *, tensors: bool = False, hash: bool = False, base: Optional[Path] = None, threads: Optional[int] = None
) -> dict[str, Any]:
    """What a model is, as its tensors show it: the document of `unmask inspect`.

    tensors: also compute the statistics of every tensor
    hash:    also compute the content hash
    base:    the base of an adapter: describe the model that the adapter makes of it
    """
    return _run("inspect", [model], tensors=tensors, hash=hash, base=base, threads=threads)


def heatmap(
    candidate: Path, foundation: Path, *, metric: Optional[Literal["cosine", "centred", "aligned"]] = None, role: Optional[str] = None,
    component: Optional[str] = None, base: Optional[Path] = None, threads: Optional[int] = None,
) -> dict[str, Any]:
    """Every layer of one model beside every layer of another: the document of `unmask heatmap`."""
    return _run("heatmap", [candidate, foundation], metric=metric, role=role, component=component, base=base, threads=threads)


def scan(
    folders: Union[Path, Iterable[Path]], *, against: Union[Path, Iterable[Path]] = (), depth: Optional[Depth] = None,
    max_comparisons: Optional[int] = None, resume: Optional[Path] = None, threads: Optional[int] = None,
) -> dict[str, Any]:
    """Which models below some folders are related, to each other or to the models `against`: the document of `unmask scan`.

    A model that cannot be read is no error: its entry in "models" has an "error".
    max_comparisons: the most pairs that are compared in full
    resume:          a file that keeps finished results, and from which an interrupted scan continues
    """
    foundations = _paths(against)
    return _run(
        "scan", _paths(folders), depth=depth, max_comparisons=max_comparisons, resume=resume, threads=threads,
        last=["--against", *foundations] if foundations else [], keeps_rows=True)


def tree(
    folders: Union[Path, Iterable[Path]], *, depth: Optional[Depth] = None, max_comparisons: Optional[int] = None,
    resume: Optional[Path] = None, threads: Optional[int] = None,
) -> dict[str, Any]:
    """Which model below some folders descends from which: the document of `unmask tree`. See `scan`."""
    return _run(
        "tree", _paths(folders), depth=depth, max_comparisons=max_comparisons, resume=resume, threads=threads, keeps_rows=True)


def verify(
    model: Path, *, card: Optional[Path] = None, bases: Mapping[str, Path] = {}, depth: Optional[Depth] = None, threads: Optional[int] = None
) -> dict[str, Any]:
    """Whether a model card names its base rightly: the document of `unmask verify`. The outcome is ["card"]["outcome"].

    card:  the card; None for README.md beside the weights
    bases: where the bases are that the card names
    """
    options = [word for name, path in bases.items() for word in ("--base", f"{name}={os.fspath(path)}")]
    return _run("verify", [model], card_path=card, depth=depth, threads=threads, last=["--fail-on", "none", *options])


def sketch(
    models: Union[Path, Iterable[Path]], *, catalogue: Path, name: Optional[str] = None, revision: Optional[str] = None,
    neurons: bool = True, threads: Optional[int] = None,
) -> dict[str, Any]:
    """Adds models to a catalogue, which is made if there is none: the document of `unmask sketch`.

    neurons: whether to read the neurons too, by which masked copies are recognised
    """
    return _run(
        "sketch", _paths(models), catalogue=catalogue, name=name, revision=revision, no_neurons=not neurons, threads=threads)


def identify(
    models: Union[Path, Iterable[Path]], *, catalogue: Path, top: Optional[int] = None, confirm: bool = False, neurons: bool = True,
    threads: Optional[int] = None,
) -> dict[str, Any]:
    """From which models of a catalogue these may be derived: the document of `unmask identify`.

    top:     number of known models that are given for each part
    confirm: go on to the full comparison with the nearest known model, if its weights are where they were
    """
    return _run(
        "identify", _paths(models), catalogue=catalogue, top=top, confirm=confirm, no_neurons=not neurons, threads=threads)


def version() -> str:
    """The version of the program, such as "0.1.0"."""
    return _start(["--version"]).stdout.splitlines()[0].split()[-1]


def _paths(given: Union[Path, Iterable[Path]]) -> list[Path]:
    return [given] if isinstance(given, (str, os.PathLike)) else list(given)


def _run(
    command: str, arguments: Sequence[Path], *, last: Sequence[Path] = (), keeps_rows: bool = False, card_path: Optional[Path] = None,
    **options: Union[None, bool, int, str, "os.PathLike[str]"],
) -> dict[str, Any]:
    """Runs a command and returns its document. `keeps_rows`: a document is the answer although models could not be read."""
    words = [command, *map(_word, arguments), "--format", "json", "--no-progress", "--quiet"]
    if card_path is not None:
        words += ["--card", _word(card_path)]
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif value is not None and value is not False:
            words += [option, _word(value) if isinstance(value, (str, os.PathLike)) else str(value)]
    done = _start([*words, *map(os.fspath, last)])
    try:
        document = json.loads(done.stdout) if done.stdout else None
    except ValueError:
        document = None
    if isinstance(document, dict) and (done.returncode == 0 or keeps_rows and done.returncode in (65, 74)):
        return document
    lines = [line for line in done.stderr.splitlines() if line]
    line = (lines[-1] if lines else f"the program ended with {done.returncode} and no line").removeprefix("unmask: ")
    raise UnmaskError(done.returncode, line, document)


def _word(path: Path) -> str:
    """A path as an argument that is no option."""
    text = os.fspath(path)
    return "./" + text if text.startswith("-") else text


def _start(words: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [_program(), *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(), encoding="utf-8",
        errors="surrogateescape")


_missing = _missing_libraries()
if _missing:
    warnings.warn("unmask: not in this package and not on this system: " + "; ".join(_missing), RuntimeWarning, stacklevel=2)
