"""Expected numbers for the recognition of attention heads: traits, tables of circuits, laws of agreement, agreements of testdata's models.

    python3 heads.py            writes heads.json
    python3 heads.py --check    recomputes and compares

f64 numpy with every circuit written out (width x width), exact fractions over all orders for the laws.
"""
import json
import os
import sys
from fractions import Fraction
from itertools import permutations

import numpy as np

from weights import read_folder

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE, HEADS, SHARING = 16, 4, 2


def circuits(model):
    """For each head of each layer the output-value and the query-key circuit, gains folded in."""
    layers, found = 1 + max(int(k.split(".")[2]) for k in model if k.startswith("model.layers.")), []
    for layer in range(layers):
        at = f"model.layers.{layer}."
        gain = model[at + "input_layernorm.weight"]
        q, k, v = (model[at + f"self_attn.{r}_proj.weight"] * gain for r in "qkv")
        o = model[at + "self_attn.o_proj.weight"].T
        for head in range(HEADS):
            own, shared = slice(head * SIZE, (head + 1) * SIZE), slice(head // SHARING * SIZE, (head // SHARING + 1) * SIZE)
            found.append((o[own].T @ v[shared], q[own].T @ k[shared]))
    return found


def cosine(x, y):
    return float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))


def table(found, which):
    return np.array([[0 if i == j else cosine(x[which], y[which]) for j, y in enumerate(found)] for i, x in enumerate(found)])


def traits(written, attended):
    row = []
    for x in (written, attended):
        s = np.linalg.svd(x, compute_uv=False)[:SIZE]
        p = [np.sum(s ** (2 * k)) for k in (1, 2, 3, 4)]
        norm = np.sqrt(p[0])
        row += [np.log(norm)] + [np.log(p[k]) - (k + 1) * np.log(p[0]) for k in (1, 2, 3)]
        row += [np.trace(x) / norm, np.trace(x @ x) / p[0], np.trace(x @ x @ x) / (p[0] * norm)]
    return row + [cosine(written, attended), cosine(written, attended.T)]


def law(written, attended, groups):
    """The chance of each number of agreements, over all orders of groups of one size and of heads inside groups."""
    ids = sorted(set(groups))
    members = {g: [i for i, x in enumerate(groups) if x == g] for g in ids}
    counts, total = {}, 0
    for order in permutations(ids):
        if any(len(members[a]) != len(members[b]) for a, b in zip(ids, order)):
            continue

        def inside(k, moved):
            if k == len(ids):
                yield dict(moved)
                return
            for p in permutations(members[order[k]]):
                yield from inside(k + 1, moved + list(zip(members[ids[k]], p)))

        for moved in inside(0, []):
            t = sum(1 for i, j in moved.items() if attended[i] >= 0 and attended[i] == written[j])
            counts[t] = counts.get(t, 0) + 1
            total += 1
    return [float(Fraction(counts.get(t, 0), total)) for t in range(max(counts) + 1)]


def expected():
    models = {n: circuits(read_folder(os.path.join(HERE, "..", n))) for n in ("aurora", "aurora-chat")}
    a = models["aurora"]
    rng = np.random.default_rng(5)
    laws = []
    for groups in ([0, 1, 2, 3, 4], [0, 0, 1, 1, 2, 2], [0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 3]):
        n = len(groups)
        for _ in range(2):
            written, attended = rng.permutation(n + 1)[:n], rng.permutation(n + 1)[:n]
            written[rng.integers(n)] = -1
            laws.append({"groups": groups, "written": written.tolist(), "attended": attended.tolist(), "chances": law(written, attended, groups)})
    return {
        "model": "aurora",
        "written": table(a, 0).round(9).tolist(),
        "attended": table(a, 1).round(9).tolist(),
        "traits": [[round(float(x), 9) for x in traits(*a[i])] for i in (0, 7, 15)],
        "traitsOf": [0, 7, 15],
        "laws": laws,
    }


if __name__ == "__main__":
    path, found = os.path.join(HERE, "heads.json"), expected()
    if "--check" in sys.argv:
        with open(path) as file:
            old = json.load(file)
        flat = lambda x: [y for z in x for y in flat(z)] if isinstance(x, list) else flat(list(x.values())) if isinstance(x, dict) else [x]
        same = all(a == b or (isinstance(a, float) and abs(a - b) < 1e-8) for a, b in zip(flat(old), flat(found), strict=True))
        sys.exit(0 if same else "heads.json differs")
    with open(path, "w") as file:
        json.dump(found, file)
        file.write("\n")
