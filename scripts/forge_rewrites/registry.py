"""The list of rewrites. A rewrite is a function (model, context) that changes a copy of the model in place or returns another one."""
import dataclasses

import numpy as np

KIN = ("identical", "derived")
PARTLY = ("derived", "partial")
ANY_KIN = ("derived", "partial", "insufficient")
STRANGERS = ("independent",)
UNTOLD = ("independent", "insufficient")
DENSE, GATED, GPT2, MOE = ("llama", "qwen3"), ("llama", "qwen3", "moe"), ("gpt2",), ("moe",)
EVERY = ("llama", "qwen3", "moe", "gpt2")


@dataclasses.dataclass
class Rewrite:
    id: str
    text: str
    expected: tuple
    layouts: tuple
    exact: bool
    innocent: bool
    part: str
    function: object
    needs: object


REWRITES = {}


def rewrite(id, text, expected=("derived",), layouts=EVERY, exact=False, innocent=False, part="language model", needs=None):
    """`exact`: the logits stay the same, if the run time has the extra line that the rewrite needs. `needs(model)`: whether it applies."""
    def register(function):
        assert id not in REWRITES, id
        REWRITES[id] = Rewrite(id, text, tuple(expected), layouts, exact, innocent, part, function, needs)
        return function
    return register


def order():
    """Sorts the list: by family, then by number, then by variant."""
    def key(id):
        stem = id.split("-")[0].split(":")[0]
        return stem[0], int("".join(c for c in stem[1:] if c.isdigit()) or 99), id
    entries = sorted(REWRITES.values(), key=lambda entry: key(entry.id))
    REWRITES.clear()
    REWRITES.update((entry.id, entry) for entry in entries)


def kind(model):
    if model.layout == "gpt2":
        return "gpt2"
    if "experts" in model.layers[0]:
        return "moe"
    return "qwen3" if model.layers[0].get("qn") is not None else "llama"


def applies(entry, model):
    return kind(model) in entry.layouts and (entry.needs is None or bool(entry.needs(model)))


class Context:
    """What a rewrite is given besides the model: random numbers, a stranger, and a place for the foundation where that changes too."""

    def __init__(self, seed, original, donor=None):
        self.seed, self.original, self.given = seed, original, donor
        self.rng = np.random.default_rng(seed)
        self.foundation = None
        self.notes = {}
        self.strangers = {}  # those made already, by seed

    def donor(self):
        """An unrelated model of the same shapes: the given one, else one with the spectra and gains of the original."""
        from .strangers import same_shapes, stranger
        if self.given is not None and same_shapes(self.given, self.original):
            return self.given.copy()
        if self.seed not in self.strangers:
            self.strangers[self.seed] = stranger(self.original, np.random.default_rng([self.seed, 7]))
        return self.strangers[self.seed].copy()

    def apply(self, model, *ids):
        """Applies further rewrites, those that exist for the model's layout."""
        for id in ids:
            if applies(REWRITES[id], model):
                model = REWRITES[id].function(model, self) or model
        return model


def orthogonal(n, rng):
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    return (q * np.sign(np.diag(r))).astype(np.float32)


def hadamard(n, rng):
    """A dense orthogonal matrix: a Hadamard matrix times a random orthogonal one of the odd rest, signs drawn."""
    power = n & -n
    h = np.ones((1, 1))
    while len(h) < power:
        h = np.block([[h, h], [h, -h]]) / np.sqrt(2)
    h = np.kron(h, orthogonal(n // power, rng))
    return (h * rng.choice([-1, 1], n)[:, None]).astype(np.float32)


def mixing(x, rng, axis=0):
    """x times a random orthogonal matrix along an axis, in blocks of at most 1,024, fast: permutations, signs and Hadamard matrices."""
    x = np.moveaxis(x, axis, 0)
    n = len(x)
    for _ in range(2):
        x = x[rng.permutation(n)]
        parts = []
        for start in range(0, n, 1024):
            block = x[start:start + 1024]
            parts.append(hadamard(len(block), rng).T @ block)
        x = np.concatenate(parts)
    return np.moveaxis(x, 0, axis)
