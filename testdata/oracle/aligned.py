"""A masked copy of aurora and the cosines that its masks hide.

    python3 aligned.py            writes ../masked/model.safetensors and aligned.json
    python3 aligned.py --check    recomputes the figures and compares

The copy: layers 1 and 2 of aurora and the first 128 rows of its token tables, noise of 0.1 of each matrix's RMS, gains folded, residual
basis rotated, neurons and heads permuted, heads rotated inside, signs and scales traded. The figures are the cosines of the noisy copy
with aurora before anything was masked, gains folded in both, in f64: what an aligner should find that knows nothing of the masks.
"""
import json
import os
import sys

import numpy as np

from weights import read_folder, write_file

HERE = os.path.dirname(os.path.abspath(__file__))
ORIGINS = [1, 2]
TOKENS = 128
HEADS, GROUPS, SIZE = 4, 2, 16
LAYER = "model.layers.{}."
READERS = {"self_attn.q_proj": "input_layernorm", "self_attn.k_proj": "input_layernorm", "self_attn.v_proj": "input_layernorm",
           "mlp.gate_proj": "post_attention_layernorm", "mlp.up_proj": "post_attention_layernorm"}
WRITERS = ["self_attn.o_proj", "mlp.down_proj"]


def orthogonal(rng, side):
    q, r = np.linalg.qr(rng.standard_normal((side, side)))
    return q * np.sign(np.diag(r))


def folded(model):
    """Every reader times the gain it reads; gains left at one."""
    out = dict(model)
    out["lm_head.weight"] = model["lm_head.weight"] * model["model.norm.weight"]
    out["model.norm.weight"] = np.ones_like(model["model.norm.weight"])
    for name in model:
        for reader, norm in READERS.items():
            if name.endswith(reader + ".weight"):
                gain = name.replace(reader, norm)
                out[name] = model[name] * model[gain]
                out[gain] = np.ones_like(model[gain])
    return out


def part(model):
    """The layers and tokens that the copy has."""
    out = {"model.norm.weight": model["model.norm.weight"]}
    for table in ("model.embed_tokens.weight", "lm_head.weight"):
        out[table] = model[table][:TOKENS]
    for number, origin in enumerate(ORIGINS):
        old = LAYER.format(origin)
        out.update({LAYER.format(number) + name[len(old):]: value for name, value in model.items() if name.startswith(old)})
    return out


def masked(model, rng):
    """`model`, gains folded, behind every mask."""
    out = dict(model)
    turn = orthogonal(rng, model["model.norm.weight"].shape[0])
    for number in range(len(ORIGINS)):
        at = LAYER.format(number)
        take = lambda name: out[at + name + ".weight"]
        gate, up, down = take("mlp.gate_proj"), take("mlp.up_proj"), take("mlp.down_proj")
        order = rng.permutation(gate.shape[0])
        scale = np.exp(rng.uniform(-1, 1, len(order))) * rng.choice([-1, 1], len(order))
        out[at + "mlp.gate_proj.weight"] = gate[order]
        out[at + "mlp.up_proj.weight"] = up[order] * scale[:, None]
        out[at + "mlp.down_proj.weight"] = down[:, order] / scale
        heads = {name: take("self_attn." + name).reshape(-1, SIZE, turn.shape[0]) for name in ("q_proj", "k_proj", "v_proj")}
        heads["o_proj"] = take("self_attn.o_proj").T.reshape(-1, SIZE, turn.shape[0])
        new = {name: [] for name in heads}
        for group in rng.permutation(GROUPS):
            values = orthogonal(rng, SIZE) * np.exp(rng.uniform(-1, 1))
            angles = rng.uniform(0, 2 * np.pi, SIZE // 2)
            keys = np.block([[np.diag(np.cos(angles)), -np.diag(np.sin(angles))], [np.diag(np.sin(angles)), np.diag(np.cos(angles))]])
            keys = keys * np.exp(rng.uniform(-1, 1))
            new["k_proj"].append(keys @ heads["k_proj"][group])
            new["v_proj"].append(values @ heads["v_proj"][group])
            for head in group * (HEADS // GROUPS) + rng.permutation(HEADS // GROUPS):
                new["q_proj"].append(np.linalg.inv(keys).T @ heads["q_proj"][head])
                new["o_proj"].append(np.linalg.inv(values).T @ heads["o_proj"][head])
        for name, rows in new.items():
            rows = np.concatenate(rows)
            out[at + "self_attn." + name + ".weight"] = rows.T if name == "o_proj" else rows
    for name in out:
        if any(name.endswith(reader + ".weight") for reader in READERS) or name in ("model.embed_tokens.weight", "lm_head.weight"):
            out[name] = out[name] @ turn
        elif any(name.endswith(writer + ".weight") for writer in WRITERS):
            out[name] = turn.T @ out[name]
    return out


def main():
    rng = np.random.default_rng(5)
    aurora = read_folder(os.path.join(HERE, "..", "aurora"))
    plain = part(aurora)
    noisy = {name: v + 0.1 * np.sqrt((v ** 2).mean()) * rng.standard_normal(v.shape) if v.ndim == 2 else v for name, v in sorted(plain.items())}
    before, after = folded(plain), folded(noisy)
    tensors, total, weight = [], 0.0, 0
    for name in sorted(after):
        if after[name].ndim == 2:
            cosine = float((after[name] * before[name]).sum() / np.linalg.norm(after[name]) / np.linalg.norm(before[name]))
            tensors.append({"name": name, "aligned_cosine": cosine})
            total, weight = total + cosine * after[name].size, weight + after[name].size
    document = {"candidate": "masked", "foundation": "aurora", "origins": ORIGINS, "overall": total / weight, "tensors": tensors}
    path = os.path.join(HERE, "aligned.json")
    if "--check" in sys.argv:
        with open(path) as file:
            stored = json.load(file)
        worst = max(abs(a["aligned_cosine"] - b["aligned_cosine"]) for a, b in zip(stored["tensors"], tensors))
        print(f"{len(tensors)} tensors, largest difference {worst:.1e}")
        sys.exit(worst > 1e-12)
    folder = os.path.join(HERE, "..", "masked")
    os.makedirs(folder, exist_ok=True)
    write_file(os.path.join(folder, "model.safetensors"), masked(after, rng), "BF16")
    with open(path, "w") as file:
        json.dump(document, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
