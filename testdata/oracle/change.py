"""Writes testdata/oracle/change.json: singular values of what changed between models of testdata, in f64 numpy, without looking at unmask.

    python3 testdata/oracle/change.py            writes change.json beside this file
    python3 testdata/oracle/change.py --check    recomputes and compares (1e-10), writes nothing

Of each matrix that changed: `energy_of_eight`, the share of the squared singular values in the first eight; `above`, how many are larger than any
that rounding gave in 40 draws. A draw is a matrix of errors, each uniform over the spacing of bf16 at the candidate's element plus one
likewise at the foundation's. A bound that holds for all rounding errors must count no more than that.
"""
import json
import os
import sys

import numpy as np

from weights import read_folder

HERE = os.path.dirname(os.path.abspath(__file__))
TESTDATA = os.path.dirname(HERE)
PAIRS = [("aurora-lora", "aurora"), ("aurora-chat", "aurora")]


def spacing(values):
    """Distance to the next bf16 number: 2^16 times that of f32."""
    return np.spacing(np.abs(values).astype(np.float32)).astype(np.float64) * 2.0**16


def largest_of_rounding(a, b, draws=40):
    rng = np.random.default_rng(5)
    qa, qb = spacing(a), spacing(b)
    largest = 0.0
    for _ in range(draws):
        error = qa * rng.uniform(-0.5, 0.5, a.shape) + qb * rng.uniform(-0.5, 0.5, a.shape)
        gram = error.T @ error if a.shape[0] > a.shape[1] else error @ error.T
        largest = max(largest, np.linalg.eigvalsh(gram)[-1])
    return np.sqrt(largest)


def tensor(name, a, b):
    values = np.linalg.svd(b - a, compute_uv=False)
    squares = values**2
    return {
        "name": name,
        "energy_of_eight": float(squares[:8].sum() / squares.sum()),
        "above": int((values > largest_of_rounding(a, b)).sum()),
    }


def pair(candidate, foundation):
    b, a = read_folder(os.path.join(TESTDATA, candidate)), read_folder(os.path.join(TESTDATA, foundation))
    names = [n for n in sorted(a) if a[n].ndim == 2 and (a[n] != b[n]).any()]
    return {"candidate": candidate, "foundation": foundation, "tensors": [tensor(n, a[n], b[n]) for n in names]}


def main():
    found = [pair(*p) for p in PAIRS]
    path = os.path.join(HERE, "change.json")
    if "--check" not in sys.argv:
        with open(path, "w") as file:
            json.dump({"pairs": found}, file, indent=1)
            file.write("\n")
        return
    for new, old in zip(found, json.load(open(path))["pairs"]):
        for x, y in zip(new["tensors"], old["tensors"], strict=True):
            assert x["name"] == y["name"] and x["above"] == y["above"], x["name"]
            assert abs(x["energy_of_eight"] - y["energy_of_eight"]) < 1e-10, x["name"]
    print("change.json: as recorded")


if __name__ == "__main__":
    main()
