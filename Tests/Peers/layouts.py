"""A collection's models in every layout against numpy: relation, coverage, and each role's and layer's cosine.

    python3 layouts.py UNMASK ZOO

Every model is brought to one Linear matrix a role here, in f64 and from the formulas of its format: fused projections split,
GPTQ, int8 and FP8 dequantised, Conv1D turned, a LoRA merged, experts one by one. Every verdict is also asked for without the
candidate's config, and with a config of another family. Fused, turned and expert matrices are also quantised here, by rounding to
nearest, and compared again. See scripts/check-layouts.
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
            if module + ".weight_scale" in tensors:
                plain[name] = e4m3(values) * tensors[module + ".weight_scale"][1]
            else:
                scales = tensors[module + ".weight_scale_inv"][1].repeat(128, 0).repeat(128, 1)
                plain[name] = e4m3(values) * scales[: values.shape[0], : values.shape[1]]
        elif kind in ("BF16", "F16", "F32") and not last.startswith("weight_scale") and last != "scales":
            plain[name] = values
    return plain


def quantised(folder, how, place):
    """A copy of a folder's model whose matrices inside layers, but routers, are quantised: 4-bit GPTQ in groups of 32, int8 by row, or FP8 by tensor."""
    os.makedirs(place)
    tensors = {}
    for name, (kind, w) in stored(folder).items():
        module, _, last = name.rpartition(".")
        if w.ndim < 2 or w.shape[0] % 8 or last != "weight" or not any(part.isdigit() for part in name.split(".")):
            tensors[name] = ("F32", w.astype(np.float32))
        elif how == "gptq":
            # GPTQ's codes are [in, out], as a Conv1D is stored.
            w = w if module.split(".")[-1].startswith("c_") else w.T
            groups = w.reshape(-1, 32, w.shape[1])
            scales = np.maximum((groups.max(1) - groups.min(1)) / 15, 1e-8).astype(np.float16)
            zeros = np.clip(np.rint(-groups.min(1) / scales), 1, 15)
            codes = np.clip(np.rint(groups / scales[:, None]) + zeros[:, None], 0, 15).astype(np.uint32).reshape(w.shape)
            shifts = np.arange(8, dtype=np.uint32) * 4
            words = lambda c: (c.reshape(-1, 8) << shifts).sum(1, dtype=np.uint32)
            tensors[module + ".qweight"] = ("I32", words(codes.T.copy()).reshape(w.shape[1], -1).T.copy())
            tensors[module + ".qzeros"] = ("I32", words((zeros - 1).astype(np.uint32)).reshape(len(zeros), -1))
            tensors[module + ".scales"] = ("F16", scales)
            tensors[module + ".g_idx"] = ("I32", (np.arange(len(w)) // 32).astype(np.uint32))
        elif how == "int8":
            scales = (np.abs(w).max(1, keepdims=True) / 127).astype(np.float32)
            tensors[name] = ("I8", np.rint(w / scales).astype(np.int8))
            tensors[module + ".weight_scale"] = ("F32", scales)
        else:
            table = e4m3(np.arange(127))
            scale = np.abs(w).max() / 448
            codes = np.abs(np.abs(w / scale).reshape(-1, 1) - table).argmin(1).reshape(w.shape)
            tensors[name] = ("F8_E4M3", (codes + 128 * (w < 0)).astype(np.uint8))
            tensors[module + ".weight_scale"] = ("F32", np.array([[scale]], np.float32))
    header, offset = {}, 0
    for name, (kind, values) in tensors.items():
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [offset, offset + values.nbytes]}
        offset += values.nbytes
    text = json.dumps(header).encode()
    with open(os.path.join(place, "model.safetensors"), "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(v.tobytes() for _, v in tensors.values()))
    return place


def canonical(folder, config, base=None):
    """(layer or None, role, expert or None) → matrix [out, in]; vectors are left out."""
    raw = stored(folder)
    tensors = dequantised(raw)
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
        if "h" in parts[:2] and last.startswith("c_") and not name.removesuffix("weight") + "qweight" in raw:
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


class Check:
    """What was found wrong, and the largest error."""

    def __init__(self, unmask):
        self.unmask, self.wrong, self.worst = unmask, 0, 0.0

    def model(self, name, folder, foundation, config, base, is_adapter=False, others=()):
        """Compares a model with its foundation; `others` are folders of configs (None: none) beside which the verdict must be the same."""
        candidate = canonical(folder, config, base if is_adapter else None)
        answer = compare(self.unmask, folder, foundation)
        verdict = answer["verdict"]
        numbers = expected(candidate, base, {row["layer"]: row["foundation_layer"] for row in answer["layers"]})
        ours = {("role", row["role"]): row["cosine"] for row in answer["roles"] if row["cosine"] is not None}
        ours |= {("layer", row["layer"]): row["cosine"] for row in answer["layers"]} | {("all", None): verdict["cosine"]}
        ours = {key: value for key, value in ours.items() if key in numbers}
        missing = {key for key in numbers if key not in ours and key != ("layer", None)}
        error = max((abs(ours[key] - numbers[key]) for key in ours), default=1)
        self.worst = max(self.worst, error)
        is_right = verdict["relation"] == "derived" and verdict["coverage"] >= 0.95 and error <= TOLERANCE and not missing
        for config_of in others:
            with tempfile.TemporaryDirectory() as temporary:
                place = with_config(folder, config_of, os.path.join(temporary, name))
                other = compare(self.unmask, place, foundation)["verdict"]
            if told(other) != told(verdict):
                is_right = False
                print(f"     {name} beside {config_of or 'no'} config: {told(other)}, not {told(verdict)}")
        self.wrong += not is_right
        words = ", ".join(verdict["rewrites"] + verdict["tuning"])
        print(f"{'ok  ' if is_right else 'FAIL'} {name:23} {verdict['relation']:12} coverage {verdict['coverage']:.4f}  "
              f"{len(ours):2} cosines to {error:.1e}{f'  missing {missing}' if missing else ''}  {words}")

    def strangers(self, name, candidate, foundation):
        relation = compare(self.unmask, candidate, foundation)["verdict"]["relation"]
        self.wrong += relation in ("derived", "identical", "merged", "partial")
        print(f"{name}: {relation}")


def main():
    unmask, zoo = sys.argv[1:3]
    truth = json.load(open(os.path.join(zoo, "truth.json")))["models"]
    place = lambda name: os.path.join(zoo, name)
    families = {"llama-a": ["sft", "fused", "fp8block", "int8", "gptq", "adapter", "moe", "vocab", "upscaled", "pruned"]}
    families |= {name: ["sft"] for name in ["gpt2-a", "neox-a", "qwen3-a"]}
    check = Check(unmask)
    for family, endings in families.items():
        config = json.load(open(os.path.join(zoo, family, "config.json")))
        base = canonical(place(family), config)
        stranger = place("gpt2-a" if family == "neox-a" else "neox-a")
        for ending in endings:
            name, is_adapter = f"{family}-{ending}", ending == "adapter"
            others = [] if is_adapter else [None, stranger]
            check.model(name, place(name), place(family), config, base, is_adapter, others)
            if ending in ("sft", "fused", "moe"):
                for how in ("gptq", "int8", "fp8"):
                    with tempfile.TemporaryDirectory() as temporary:
                        made = quantised(place(name), how, os.path.join(temporary, name))
                        check.model(f"{name}, {how}", made, place(family), config, base, others=[stranger])
    for family in list(families)[1:]:
        for other in families:
            if other != family and truth[family]["from"].keys().isdisjoint(truth[other]["from"]):
                check.strangers(f"{family}-sft against {other}", place(family + "-sft"), place(other))
    print(f"largest error {check.worst:.1e}; {check.wrong} wrong")
    sys.exit(1 if check.wrong else 0)


main()
