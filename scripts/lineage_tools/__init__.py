"""Adapters: how scripts/lineage-bench runs a tool on a pair of models, and what the tool's answer means.

An adapter is a class with these members; `tools` lists the classes.

    name         what the table calls it
    package      what to install from PyPI; None for a program that is at hand
    program      the command that the package installs
    command(program, candidate, foundation)   the words of the command line; both models are folders, or names on a hub
    answer(process)                           an Answer, from the finished measure.Process
    version(program)                          the version, for the table's head
"""
import dataclasses
import json
import re
import subprocess

import measure

RELATED, UNRELATED, UNDECIDED, FAILED = "related", "unrelated", "undecided", "failed"


@dataclasses.dataclass
class Answer:
    """What a tool says of a pair: one of the four words above, and the tool's own."""
    said: str
    own: str


def document(process):
    """The JSON document that a tool wrote to stdout; None where there is none."""
    try:
        return json.loads(process.stdout.decode(errors="replace"))
    except ValueError:
        return None


def failed(process):
    """The answer of a tool that gave none: its last line on stderr, or on stdout."""
    return Answer(FAILED, f"code {process.code}: {measure.last_line(process, errors_first=True)[:160]}")


class Unmask:
    name, package, program = "unmask", None, "unmask"
    MEANING = {"identical": RELATED, "derived": RELATED, "merged": RELATED, "partial": RELATED, "independent": UNRELATED,
               "insufficient": UNDECIDED}

    def command(self, program, candidate, foundation):
        return [program, "compare", candidate, foundation, "--format", "json", "--no-progress"]

    def answer(self, process):
        found = document(process)
        if not found or "verdict" not in found:
            return failed(process)
        own = found["verdict"]["relation"]
        return Answer(self.MEANING.get(own, UNDECIDED), own)

    def version(self, program):
        lines = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.splitlines()
        return " ".join([lines[0].split()[-1]] + [line for line in lines[1:2] if line.startswith("commit: ")]) if lines else "unknown"


class ModelDNA:
    name, package, program = "modeldna", "modeldna", "modeldna"
    # LIKELY_MERGE names a parent, so it is a relation; SAME_FAMILY_UNRESOLVED is the tool's own word for what it leaves open.
    MEANING = {"EXACT_COPY": RELATED, "QUANTIZED_COPY": RELATED, "FINE_TUNE": RELATED, "SAME_LINEAGE": RELATED, "LIKELY_MERGE": RELATED,
               "NO_MATCH": UNRELATED, "SAME_FAMILY_UNRESOLVED": UNDECIDED, "INSUFFICIENT": UNDECIDED}

    def command(self, program, candidate, foundation):
        return [program, "compare", candidate, foundation, "--json"]

    def answer(self, process):
        found = document(process)
        if not found or "verdict" not in found:
            return failed(process)
        own = found["verdict"]["verdict"]
        return Answer(self.MEANING.get(own, UNDECIDED), f"{own} {found['verdict'].get('probability')}")

    def version(self, program):
        return last_number([program, "--version"])


class ProvenanceKit:
    name, package, program = "cisco-ai-provenance-kit", "cisco-ai-provenance-kit", "provenancekit"
    # The labels of its final score: above 0.75, above 0.65, below, and without a score.
    MEANING = {"High-Confidence Match": RELATED, "Weak Match": UNDECIDED, "Not Matched": UNRELATED, "Insufficient data": UNDECIDED}

    def command(self, program, candidate, foundation):
        return [program, "compare", candidate, foundation, "--json", "--no-cache"]

    def answer(self, process):
        found = document(process)
        if not found or "interpretation" not in found:
            return failed(process)
        own = found["interpretation"]["label"]
        return Answer(self.MEANING.get(own, UNDECIDED), f"{own} {found['scores'].get('pipeline_score')}")

    def version(self, program):
        python = program.rsplit("/", 1)[0] + "/python"
        return last_number([python, "-m", "pip", "show", "cisco-ai-provenance-kit"], r"^Version: (\S+)")


class Command:
    """Any other program: `template` has {candidate} and {foundation}, and its last line begins with related, unrelated or undecided."""
    package = program = None

    def __init__(self, name, template):
        self.name, self.template = name, template

    def command(self, program, candidate, foundation):
        return ["/bin/sh", "-c", self.template.replace("{candidate}", '"$1"').replace("{foundation}", '"$2"'), "sh", candidate, foundation]

    def answer(self, process):
        lines = [line for line in process.stdout.decode(errors="replace").splitlines() if line.strip()]
        word = lines[-1].split()[0] if lines else ""
        return Answer(word, lines[-1][:80]) if word in (RELATED, UNRELATED, UNDECIDED) else failed(process)

    def version(self, program):
        return self.template


def last_number(command, pattern=r"(\d[\w.]*)"):
    """The last text in the output of a command that a pattern matches."""
    found = re.findall(pattern, subprocess.run(command, capture_output=True, text=True).stdout, re.M)
    return found[-1] if found else "unknown"


tools = {tool.name: tool for tool in (Unmask(), ModelDNA(), ProvenanceKit())}
