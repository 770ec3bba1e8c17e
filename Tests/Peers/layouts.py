"""A collection's models in every layout against numpy: relation, coverage, and each role's and layer's cosine.

    python3 layouts.py UNMASK ZOO

Every model is brought to one Linear matrix a role here, in f64 and from the formulas of its format: fused projections split,
GPTQ, int8 and FP8 dequantised, Conv1D turned, a LoRA merged, experts one by one. Every verdict is also asked for without the
candidate's config, and with a config of another family. See scripts/check-layouts.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

TOLERANCE = 1e-5
MLP = {"w1": "gate_proj", "w2": "down_proj", "w3": "up_proj"}


def stored(folder):
    """Each tensor of a folder's one file: its dtype, and its elements as they are stored (BF16 as f64, codes as integers)."""
    name = next(n for n in sorted(os.listdir(folder)) if n.endswith(".safetensors"))
    data = open(os.path.join(folder, name), "rb").read()
    length = int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        raw, kind = data[8 + length + begin : 8 + length + end], entry["dtype"]
        if kind == "BF16":
            values = (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32).astype(np.float64)
        else:
            types = {"F32": "<f4", "F16": "<f2", "I32": "<u4", "I8": "i1", "F8_E4M3": "u1"}
            values = np.frombuffer(raw, types[kind])
            values = values.astype(np.float64) if kind[0] == "F" and kind != "F8_E4M3" else values
        tensors[name] = (kind, values.reshape(entry["shape"]))
    return tensors


def e4m3(codes):
    codes = codes.astype(np.int64)
    exponent, fraction = codes >> 3 & 15, codes & 7
    value = np.where(exponent == 0, fraction / 8 * 2.0**-6, (1 + fraction / 8) * 2.0 ** (exponent.astype(float) - 7))
    return np.where(codes & 128, -value, value)


def nibbles(words, axis):
    """The eight four-bit codes of each word, the lowest bits first, along an axis."""
    words = np.moveaxis(words.astype(np.int64), axis, -1)
    return np.moveaxis(((words[..., None] >> (4 * np.arange(8))) & 15).reshape(words.shape[:-1] + (-1,)), -1, axis)


def dequantised(tensors):
    plain = {}
    for name, (kind, values) in tensors.items():
        module, _, last = name.rpartition(".")
        if last == "qweight":
            codes, zeros = nibbles(values, 0), nibbles(tensors[module + ".qzeros"][1], 1) + 1
            group = tensors[module + ".g_idx"][1].astype(np.int64)
            scales = tensors[module + ".scales"][1]
            plain[module + ".weight"] = ((codes - zeros[group]) * scales[group]).T
        elif kind == "I8":
            plain[name] = values.astype(np.float64) * tensors[module + ".weight_scale"][1]
        elif kind == "F8_E4M3":
            scales = tensors[module + ".weight_scale_inv"][1].repeat(128, 0).repeat(128, 1)
            plain[name] = e4m3(values) * scales[: values.shape[0], : values.shape[1]]
        elif kind in ("BF16", "F16", "F32") and not last.startswith("weight_scale") and last != "scales":
            plain[name] = values
    return plain


def canonical(folder, config, base=None):
    """(layer or None, role, expert or None) → matrix [out, in]; vectors are left out."""
    tensors = dequantised(stored(folder))
    if base is not None:
        return merged(tensors, json.load(open(os.path.join(folder, "adapter_config.json"))), base)
    heads = config.get("num_attention_heads") or config.get("n_head")
    found = {}
    for name, w in tensors.items():
        if w.ndim < 2:
            continue
        parts = name.removesuffix(".weight").split(".")
        number = next((i for i, p in enumerate(parts) if p.isdigit()), None)
        layer, last = None if number is None else int(parts[number]), parts[-1]
        if layer is None:
            role = {"wte": "embed_tokens", "embed_in": "embed_tokens", "embed_out": "lm_head", "wpe": "embed_positions"}
            found[None, role.get(last, last), None] = w
            continue
        if "h" in parts[:2] and last.startswith("c_"):
            w = w.T
        if last in ("qkv_proj", "c_attn"):
            keys = (w.shape[0] - w.shape[1]) // 2
            pieces = dict(zip(["q_proj", "k_proj", "v_proj"], np.split(w, [w.shape[1], w.shape[1] + keys])))
        elif last == "query_key_value":
            threes = w.reshape(heads, 3, -1, w.shape[1])
            pieces = {r: threes[:, i].reshape(-1, w.shape[1]) for i, r in enumerate(["q_proj", "k_proj", "v_proj"])}
        elif last == "gate_up_proj":
            pieces = dict(zip(["gate_proj", "up_proj"], np.split(w, 2)))
        elif "experts" in parts:
            found[layer, MLP[last], int(parts[parts.index("experts") + 1])] = w
            continue
        else:
            names = {"gate": "router", "dense": "o_proj", "dense_h_to_4h": "up_proj", "dense_4h_to_h": "down_proj", "c_fc": "up_proj"}
            role = names.get(last, last)
            if last == "c_proj":
                role = "o_proj" if "attn" in parts else "down_proj"
            pieces = {role: w}
        for role, piece in pieces.items():
            found[layer, role, None] = piece
    return found


def merged(adapter, config, base):
    found = dict(base)
    for name, a in adapter.items():
        if ".lora_A." in name:
            parts = name.split(".")
            place = (int(parts[parts.index("layers") + 1]), parts[parts.index("lora_A") - 1], None)
            b = adapter[name.replace(".lora_A.", ".lora_B.")]
            found[place] = base[place] + config["lora_alpha"] / config["r"] * b @ a
    return found


def expected(candidate, foundation, origins):
    """Mean cosines by role, by layer and of all, weighted by elements, over matrices that both have."""
    groups = {}
    for (layer, role, expert), a in candidate.items():
        origin = origins.get(layer, layer)
        b = foundation.get((origin, role, expert))
        b = foundation.get((origin, role, None)) if b is None else b
        if b is None or a.shape[1] != b.shape[1] or (a.shape != b.shape and layer is not None):
            continue
        rows = min(len(a), len(b))
        a, b = a[:rows], b[:rows]
        cosine = np.vdot(a, b) / np.sqrt(np.vdot(a, a) * np.vdot(b, b))
        for key in [("role", role), ("layer", layer), ("all", None)]:
            groups.setdefault(key, []).append((cosine, a.size))
    return {key: sum(c * n for c, n in pairs) / sum(n for _, n in pairs) for key, pairs in groups.items()}


def compare(unmask, candidate, foundation):
    run = subprocess.run([unmask, "compare", candidate, foundation, "--format", "json"], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"unmask compare {candidate} {foundation} ended with {run.returncode}: {run.stderr.strip()}")
    return json.loads(run.stdout)


def with_config(folder, config, place):
    """The same weights in a folder beside another config, or none."""
    os.makedirs(place)
    for name in os.listdir(folder):
        if name.endswith(".safetensors"):
            os.symlink(os.path.abspath(os.path.join(folder, name)), os.path.join(place, name))
    if config:
        os.symlink(os.path.abspath(os.path.join(config, "config.json")), os.path.join(place, "config.json"))
    return place


def told(verdict):
    return {key: verdict[key] for key in ("relation", "coverage", "cosine", "log10_p", "rewrites", "tuning")}


def main():
    unmask, zoo = sys.argv[1:3]
    truth = json.load(open(os.path.join(zoo, "truth.json")))["models"]
    families = {"llama-a": ["sft", "fused", "fp8block", "int8", "gptq", "adapter", "moe", "vocab", "upscaled", "pruned"]}
    families |= {name: ["sft"] for name in ["gpt2-a", "neox-a", "qwen3-a"]}
    wrong, worst = 0, 0.0
    for family, endings in families.items():
        config = json.load(open(os.path.join(zoo, family, "config.json")))
        base = canonical(os.path.join(zoo, family), config)
        for ending in endings:
            name = f"{family}-{ending}"
            candidate = canonical(os.path.join(zoo, name), config, base if ending == "adapter" else None)
            answer = compare(unmask, os.path.join(zoo, name), os.path.join(zoo, family))
            verdict = answer["verdict"]
            origins = {row["layer"]: row["foundation_layer"] for row in answer["layers"]}
            numbers = expected(candidate, base, origins)
            ours = {("role", row["role"]): row["cosine"] for row in answer["roles"] if row["cosine"] is not None}
            ours |= {("layer", row["layer"]): row["cosine"] for row in answer["layers"]} | {("all", None): verdict["cosine"]}
            ours = {key: value for key, value in ours.items() if key in numbers}
            missing = {key for key in numbers if key not in ours and key != ("layer", None)}
            error = max(abs(ours[key] - numbers[key]) for key in ours)
            worst = max(worst, error)
            isRight = verdict["relation"] == "derived" and verdict["coverage"] >= 0.95 and error <= TOLERANCE and not missing
            wrong += not isRight
            if ending != "adapter":
                for config_of in (None, "gpt2-a" if family == "neox-a" else "neox-a"):
                    with tempfile.TemporaryDirectory() as temporary:
                        place = os.path.join(temporary, name)
                        place = with_config(os.path.join(zoo, name), config_of and os.path.join(zoo, config_of), place)
                        other = compare(unmask, place, os.path.join(zoo, family))["verdict"]
                    if told(other) != told(verdict):
                        isRight = False
                        print(f"     {name} beside {config_of or 'no'} config: {told(other)}, not {told(verdict)}")
            words = ", ".join(verdict["rewrites"] + verdict["tuning"])
            print(f"{'ok  ' if isRight else 'FAIL'} {name:18} {verdict['relation']:12} coverage {verdict['coverage']:.4f}  "
                  f"{len(ours):2} cosines to {error:.1e}{f'  missing {missing}' if missing else ''}  {words}")
    families = list(families)
    for family in families[1:]:
        for other in families:
            if other != family and truth[family]["from"].keys().isdisjoint(truth[other]["from"]):
                relation = compare(unmask, os.path.join(zoo, family + "-sft"), os.path.join(zoo, other))["verdict"]["relation"]
                wrong += relation in ("derived", "identical", "merged", "partial")
                print(f"{family}-sft against {other}: {relation}")
    print(f"largest error {worst:.1e}; {wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
