"""Writes testdata/oracle/pairs.json: similarities of ten pairs of testdata models, in f64 numpy, written without looking at unmask.

    python3 testdata/oracle/pairs.py            writes pairs.json beside this file
    python3 testdata/oracle/pairs.py --check    recomputes and compares with pairs.json (1e-12), writes nothing

The rules are in README.md beside this file.
"""
import json
import os
import re
import sys

import numpy as np

from weights import read_folder

HERE = os.path.dirname(os.path.abspath(__file__))
TESTDATA = os.path.dirname(HERE)

PAIRS = [
    ("aurora-chat", "aurora"),
    ("aurora-lora", "aurora"),
    ("borealis", "aurora"),
    ("aurora", "borealis"),
    ("borealis", "aurora-chat"),
    ("aurora-lora", "aurora-chat"),
    ("variants/aurora-f32", "aurora"),
    ("variants/aurora-f16", "aurora"),
    ("variants/aurora-f64", "aurora"),
    ("variants/aurora-noise", "aurora"),
]

OUTSIDE = {"model.embed_tokens.weight": "embed_tokens", "lm_head.weight": "lm_head", "model.norm.weight": "final_norm"}
INSIDE = {
    "self_attn.q_proj": "q_proj",
    "self_attn.k_proj": "k_proj",
    "self_attn.v_proj": "v_proj",
    "self_attn.o_proj": "o_proj",
    "mlp.gate_proj": "gate_proj",
    "mlp.up_proj": "up_proj",
    "mlp.down_proj": "down_proj",
    "input_layernorm": "input_norm",
    "post_attention_layernorm": "post_attention_norm",
}
BY_TOKEN = {"embed_tokens", "lm_head"}


def place(name):
    """Layer (None outside) and role of a tensor's name."""
    if name in OUTSIDE:
        return None, OUTSIDE[name]
    match = re.fullmatch(r"model\.layers\.(\d+)\.(.+)\.weight", name)
    return int(match[1]), INSIDE[match[2]]


def quotient(above, below):
    return float(above / below) if below > 0 else None


def cosine(a, b):
    """Of two flat f64 arrays; None when one has no norm."""
    return quotient(a @ b, np.sqrt((a @ a) * (b @ b)))


def centred_cosine(a, b):
    return cosine(a - a.mean(), b - b.mean())


def compare(candidate, foundation, role):
    """The numbers of one tensor pair, or None when the shapes do not fit."""
    if candidate.shape != foundation.shape:
        if role not in BY_TOKEN or candidate.shape[1:] != foundation.shape[1:]:
            return None
        rows = min(candidate.shape[0], foundation.shape[0])
        candidate, foundation = candidate[:rows], foundation[:rows]
    shape, count = list(candidate.shape), candidate.size
    c, f = candidate.ravel(), foundation.ravel()
    finite = np.isfinite(c) & np.isfinite(f)
    c, f = c[finite], f[finite]
    return {
        "shape": shape,
        "parameters": count,
        "cosine": cosine(c, f),
        "centred_cosine": centred_cosine(c, f),
        "relative_l2": quotient(np.sqrt((c - f) @ (c - f)), np.sqrt(f @ f)),
        "norm_ratio": quotient(np.sqrt(c @ c), np.sqrt(f @ f)),
        "equal": quotient(float(np.count_nonzero(c == f)), c.size),
        "non_finite": int(count - c.size),
    }


def weighted(rows, key):
    """Mean of one column weighted by parameters, over the rows that have it."""
    rows = [row for row in rows if row[key] is not None]
    return quotient(sum(row["parameters"] * row[key] for row in rows), sum(row["parameters"] for row in rows))


def summary(rows):
    return {
        "cosine": weighted(rows, "cosine"),
        "centred_cosine": weighted(rows, "centred_cosine"),
        "equal": weighted(rows, "equal"),
        "parameters": sum(row["parameters"] for row in rows),
    }


def heatmap(candidate, foundation):
    """Per role and over all roles, the matrix of (centred) cosines of every candidate layer with every foundation layer."""

    def matrices(model):
        table = {}
        for name, values in model.items():
            layer, role = place(name)
            if layer is not None and values.ndim >= 2:
                table.setdefault(role, {})[layer] = values.ravel()
        return table

    def layers(table):
        return sorted({layer for role in table.values() for layer in role})

    c, f = matrices(candidate), matrices(foundation)
    rows, columns = layers(c), layers(f)
    roles = sorted(role for role in c if role in f)
    result = {"candidate_layers": rows, "foundation_layers": columns, "roles": {}}
    for metric, function in (("cosine", cosine), ("centred_cosine", centred_cosine)):
        total = [[0.0 for _ in columns] for _ in rows]
        for role in roles:
            size = next(iter(c[role].values())).size
            cells = [[function(c[role][i], f[role][j]) for j in columns] for i in rows]
            result["roles"].setdefault(role, {"parameters": size})[metric] = cells
            total = [[t + size * x for t, x in zip(*both)] for both in zip(total, cells)]
        weight = sum(result["roles"][role]["parameters"] for role in roles)
        result.setdefault("all", {"parameters": weight})[metric] = [[t / weight for t in row] for row in total]
    return result


def pair(candidate_name, foundation_name):
    candidate, foundation = (read_folder(os.path.join(TESTDATA, name)) for name in (candidate_name, foundation_name))
    tensors = []
    for name in sorted(set(candidate) & set(foundation)):
        layer, role = place(name)
        numbers = compare(candidate[name], foundation[name], role)
        if numbers is not None:
            tensors.append({"name": name, "layer": layer, "role": role, **numbers})
    matrices = [row for row in tensors if len(row["shape"]) >= 2]
    layers = sorted({row["layer"] for row in matrices if row["layer"] is not None})
    roles = sorted({row["role"] for row in matrices})
    paired = {row["name"] for row in tensors}
    return {
        "candidate": candidate_name,
        "foundation": foundation_name,
        "overall": summary(matrices),
        "coverage": sum(row["parameters"] for row in tensors) / sum(values.size for values in candidate.values()),
        "layers": [{"layer": layer, **summary([row for row in matrices if row["layer"] == layer])} for layer in layers],
        "roles": [{"role": role, **summary([row for row in matrices if row["role"] == role])} for role in roles],
        "tensors": tensors,
        "unmatched": {"candidate": sorted(set(candidate) - paired), "foundation": sorted(set(foundation) - paired)},
        "heatmap": heatmap(candidate, foundation),
    }


def differences(expected, found, where=""):
    """Places at which two JSON values differ by more than 1e-12."""
    if isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        return [line for key in expected for line in differences(expected[key], found[key], f"{where}.{key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [line for i, both in enumerate(zip(expected, found)) for line in differences(*both, f"{where}[{i}]")]
    numbers = all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in (expected, found))
    same = abs(expected - found) <= 1e-12 if numbers else expected == found
    return [] if same else [f"{where}: {expected} is now {found}"]


def written(value, depth=0):
    """JSON with one line an object without objects inside, so that a change of one number is a change of one line."""
    inside = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(value, (dict, list)) or not any(isinstance(x, (dict, list)) for x in inside):
        return json.dumps(value)
    indent, end = "\n" + " " * (depth + 1), "\n" + " " * depth
    if isinstance(value, list):
        return "[" + indent + ("," + indent).join(written(x, depth + 1) for x in value) + end + "]"
    return "{" + indent + ("," + indent).join(f"{json.dumps(k)}: {written(x, depth + 1)}" for k, x in value.items()) + end + "}"


def main():
    path = os.path.join(HERE, "pairs.json")
    document = {"schema": "unmask.oracle/1", "pairs": [pair(*names) for names in PAIRS]}
    if sys.argv[1:] == ["--check"]:
        with open(path) as file:
            lines = differences(json.load(file), document)
        print("\n".join(lines) or "pairs.json agrees")
        sys.exit(1 if lines else 0)
    with open(path, "w") as file:
        file.write(written(document) + "\n")


if __name__ == "__main__":
    main()
