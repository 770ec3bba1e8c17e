"""Expected numbers for the recognition of neurons: profiles and agreements of testdata's models, and binomial tails.

    python3 neurons.py            writes neurons.json
    python3 neurons.py --check    recomputes and compares

f64 numpy and exact integers, written from section 3 of Sources/Unmask/Unmask.docc/Method.md without looking at unmask's sources.
"""
import json
import os
import sys
from decimal import Decimal, getcontext
from fractions import Fraction
from math import comb

import numpy as np

from weights import read_folder

HERE = os.path.dirname(os.path.abspath(__file__))


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def layer(model, number):
    """Unit rows of gate and up with the norm's gain folded in, unit columns of down."""
    at = f"model.layers.{number}."
    gain = model[at + "post_attention_layernorm.weight"]
    names = (at + "mlp.gate_proj.weight", at + "mlp.up_proj.weight", at + "mlp.down_proj.weight")
    return unit(model[names[0]] * gain), unit(model[names[1]] * gain), unit(model[names[2]].T)


def profile(g, u, d):
    """|g·u|, |g·d|, u·d of each neuron, then 32 quantiles of its cosines with the others, matrix against matrix."""
    parts = [np.abs((g * u).sum(1))[:, None], np.abs((g * d).sum(1))[:, None], (u * d).sum(1)[:, None]]
    levels = np.linspace(0, 1, 32)
    for a, b, signed in ((g, g, True), (g, u, False), (u, g, False), (g, d, False), (d, g, False), (u, u, False), (u, d, False), (d, u, False), (d, d, False)):
        cosines = a @ b.T
        np.fill_diagonal(cosines, 0)
        parts.append(np.quantile(cosines if signed else np.abs(cosines), levels, axis=1).T)
    return np.concatenate(parts, axis=1)


def mutual(scores):
    """For each row its column when each is the other's best, else -1."""
    there, back = scores.argmax(1), scores.argmax(0)
    return np.where(back[there] == np.arange(len(there)), there, -1)


def agreements(candidate, foundation):
    """Neurons of each layer that gate, |up| and |down| give the same partner where they stand, in the layer of that number."""
    counts = []
    for number in range(4):
        (g, u, d), (h, v, e) = layer(candidate, number), layer(foundation, number)
        first, second, third = mutual(g @ h.T), mutual(np.abs(u @ v.T)), mutual(np.abs(d @ e.T))
        counts.append(int(((first == second) & (first == third) & (first >= 0)).sum()))
    return counts


def tail(trials, chance, successes):
    """log10 P(X >= successes), from exact fractions of the f64 chance."""
    p = Fraction(chance)
    total = sum(comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(successes, trials + 1))
    getcontext().prec = 40
    return float((Decimal(total.numerator) / Decimal(total.denominator)).log10())


def compute():
    models = {name: read_folder(os.path.join(HERE, "..", name)) for name in ("aurora", "aurora-chat", "borealis")}
    rows = profile(*layer(models["aurora"], 1))
    cases = [(n, p, k) for n in (1, 7, 100, 600) for p in (1e-6, 0.01, 0.3, 0.97) for k in sorted({1, n // 3 + 1, n // 2 + 1, n})]
    return {
        "profiles": {"model": "aurora", "layer": 1, "neurons": [0, 1, 100, 175], "rows": rows[[0, 1, 100, 175]].tolist()},
        "agreements": [
            {"candidate": c, "foundation": f, "layers": agreements(models[c], models[f])}
            for c, f in (("aurora", "aurora"), ("aurora-chat", "aurora"), ("borealis", "aurora"))
        ],
        "binomial": [{"trials": n, "chance": p, "successes": k, "log10_p": tail(n, p, k)} for n, p, k in cases],
    }


def close(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(close, a, b))
    return a == b or (isinstance(a, float) and abs(a - b) <= 1e-12 * max(1, abs(a)))


if __name__ == "__main__":
    path = os.path.join(HERE, "neurons.json")
    found = compute()
    if "--check" in sys.argv:
        with open(path) as file:
            sys.exit(0 if close(found, json.load(file)) else "neurons.json is not what neurons.py computes")
    with open(path, "w") as file:
        json.dump(found, file, indent=1)
        file.write("\n")
