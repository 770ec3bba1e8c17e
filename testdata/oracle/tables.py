"""Expected numbers for the search by tables of cosines: agreements of held-out neurons of testdata's models, and exact bounds.

    python3 tables.py            writes tables.json
    python3 tables.py --check    recomputes and compares

f64 numpy and exact fractions.
"""
import json
import os
import sys
from fractions import Fraction
from math import comb, factorial, log10

import numpy as np

from weights import read_folder

HERE = os.path.dirname(os.path.abspath(__file__))
NEURONS, SPLIT, COPY, ROUNDS, QUANTILES, BLOCK = 128, 4, 0.95, 5, 16, 64


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-30)


def mutual(scores):
    best, back = scores.argmax(1), scores.argmax(0)
    return np.array([j if back[j] == i and scores[i, j] > 0 else -1 for i, j in enumerate(best)])


def layer(model, number):
    at = f"model.layers.{number}."
    gain = model[at + "post_attention_layernorm.weight"]
    return model[at + "mlp.gate_proj.weight"] * gain, model[at + "mlp.up_proj.weight"] * gain, model[at + "mlp.down_proj.weight"].T


def distinct(gate, order):
    """The first neurons of `order` whose gates are no near copies of an earlier one's, of those near in norm."""
    norms = np.linalg.norm(gate[order], axis=1)
    by_norm = np.argsort(-norms, kind="stable")
    rows, copy = unit(gate[order][by_norm]), np.zeros(len(order), bool)
    for start in range(0, len(order), BLOCK):
        for i in range(start, min(start + BLOCK, len(order))):
            for j in range(i + 1, min(start + 2 * BLOCK, len(order))):
                if rows[i] @ rows[j] > COPY:
                    copy[max(by_norm[i], by_norm[j])] = True
    return order[~copy][:NEURONS]


def tables(model, number):
    """For each selection: the tables of gate, up and down, and features with the number of those that are no quantiles."""
    g, u, d = layer(model, number)
    norms = [np.linalg.norm(x, axis=1) for x in (g, u, d)]
    found = []
    for selection, key in enumerate((norms[0], norms[0] * norms[1] * norms[2])):
        rows = distinct(g, np.argsort(-key, kind="stable")[:SPLIT * NEURONS])
        G, U, D = unit(g[rows]), unit(u[rows]), unit(d[rows])
        t = [G @ G.T, np.abs(U @ U.T), np.abs(D @ D.T)]
        for x in t:
            np.fill_diagonal(x, 0)
        quantiles = [np.quantile(x, np.linspace(0, 1, QUANTILES), axis=1).T for x in t]
        ng, nu, nd = (n[rows] for n in norms)
        if selection == 0:
            own, quantiles = [np.log(ng)], quantiles[:1]
        else:
            own = [np.log(ng), np.log(nu * nd), np.abs((G * U).sum(1)), np.abs((G * D).sum(1)), (U * D).sum(1)]
        found.append((t, np.concatenate([np.stack(own, 1)] + quantiles, 1), len(own)))
    return found


def likeness(a, b):
    z = np.concatenate([a[1], b[1]])
    # A feature without spread does not count: the zero of the diagonal is the least of all absolute cosines.
    spread = np.where(z.std(0) > 1e-9, z.std(0), np.inf)
    weight = np.where(np.arange(z.shape[1]) < a[2], 1, 1 / np.sqrt(QUANTILES)) / spread
    return 1 / (1 + (((a[1][:, None] - b[1][None]) * weight) ** 2).sum(2))


def standard(x):
    x = x - x.mean(1, keepdims=True)
    return unit(x)


def remainder(second, first, partners):
    """What `second` tells beyond a linear function of `first`, fitted to the rows that are no partners: those have a zero for
    themselves in both."""
    x = np.concatenate([first, np.ones((len(first), 1))], 1)
    rest = np.setdiff1d(np.arange(len(first)), partners)
    gram = x[rest].T @ x[rest]
    return second - x @ np.linalg.solve(gram + 1e-4 * np.trace(gram) / len(gram) * np.eye(len(gram)), x[rest].T @ second[rest])


def agreements(a, b, selection):
    """(fold, pair, agreements, shared, held out) of two units."""
    like, (ta, tb), out = likeness(a, b), (a[0], b[0]), []
    used = (0,) if selection == 0 else (0, 1, 2)
    for fold in (0, 1):
        seen, held = np.arange(len(like))[fold::2], np.arange(len(like))[1 - fold::2]
        m = mutual(like[seen])
        i, j = seen[m >= 0], m[m >= 0]
        for _ in range(ROUNDS):
            if len(i) < 6:
                break
            s = sum(standard(ta[t][np.ix_(seen, i)]) @ standard(tb[t][:, j]).T for t in used)
            m = mutual(s)
            rows = np.flatnonzero(m >= 0)
            rows = rows[np.argsort(-s[rows, m[rows]], kind="stable")][:max(8, len(rows) * 7 // 10)]
            i, j = seen[rows], m[rows]
        others = np.setdiff1d(np.arange(like.shape[1]), j)
        if min(len(i), len(held), len(others)) < 6:
            continue
        for pair, (x, y) in enumerate(((0, 0), (0, 1), (0, 2), (1, 2))):
            p, q = (slice(0, None, 2), slice(1, None, 2)) if pair == 0 else (slice(None), slice(None))
            a1, a2, b1, b2 = ta[x][:, i[p]], ta[y][:, i[q]], tb[x][:, j[p]], tb[y][:, j[q]]
            one = mutual(standard(a1[held]) @ standard(b1[others]).T)
            two = mutual(standard(remainder(a2, a1, i)[held]) @ standard(remainder(b2, b1, j)[others]).T)
            named = set(two[two >= 0])
            out.append([fold, pair, int(((one >= 0) & (one == two)).sum()), sum(int(k) in named for k in one if k >= 0), len(held)])
    return out


def oracle():
    models = {n: read_folder(os.path.join(HERE, "..", n)) for n in ("aurora", "aurora-chat", "borealis")}
    units = {n: [tables(m, l) for l in range(4)] for n, m in models.items()}
    pairs = []
    for candidate, foundation in (("aurora-chat", "aurora"), ("borealis", "aurora")):
        for l in range(4):
            for selection in (0, 1):
                pairs.append({
                    "candidate": candidate, "foundation": foundation, "layer": l, "selection": selection,
                    "found": agreements(units[candidate][l][selection], units[foundation][l][selection], selection)})
    bounds = [[h, m, n, log10(Fraction(comb(m, h) * factorial(n - h), factorial(n)))] for h, m, n in ((1, 1, 1), (1, 20, 64), (3, 40, 64), (20, 40, 96), (64, 64, 64), (5, 100, 2000))]
    return {"pairs": pairs, "bounds": bounds}


if __name__ == "__main__":
    path = os.path.join(HERE, "tables.json")
    found = json.loads(json.dumps(oracle()))
    if "--check" in sys.argv:
        sys.exit(0 if json.load(open(path)) == found else "tables.json is not what tables.py computes")
    with open(path, "w") as file:
        json.dump(found, file)
        file.write("\n")
