"""Writes testdata/gguf/names.json: what llama.cpp's converter makes of the checkpoints in testdata/architectures.json.

Names come from the reference's table (PyPI gguf 0.19.0, tensor_mapping), and rows are put in the order that the converter gives them: q and k of
the architectures that it permutes become interleaved pairs, fused projections become q, k, v one after the other, experts are stacked, and
matrices that are stored [in,out] are turned. A case has the form of architectures.json (see architectures.py), with the architecture that the
GGUF file names in "gguf". Written without looking at unmask's table.

PYTHONPATH=/tmp/pygguf python3 testdata/oracle/gguf_names.py
"""
import json
import os
import re

from gguf.constants import MODEL_ARCH_NAMES
from gguf.tensor_mapping import get_tensor_name_map

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.dirname(HERE)
ARCHITECTURES = {name: key for key, name in MODEL_ARCH_NAMES.items()}

# Our architecture, that of the GGUF file, and the entry of our table that has such names.
KNOWN = {
    "llama": ("llama", "gguf_llama"), "mixtral": ("llama", "gguf_llama"), "qwen2": ("qwen2", "gguf"), "qwen3": ("qwen3", "gguf"),
    "qwen2_moe": ("qwen2moe", "gguf"), "qwen3_moe": ("qwen3moe", "gguf"), "qwen3_next": ("qwen3next", "gguf_qwen3_next"),
    "deepseek_mla": ("deepseek2", "gguf_mla"), "glm4_moe": ("glm4moe", "gguf_post_attention"), "phi": ("phi2", "gguf"),
    "phi3": ("phi3", "gguf"), "phimoe": ("phimoe", "gguf"), "gemma": ("gemma", "gguf"), "gemma2": ("gemma2", "gguf_sandwich"),
    "gemma3": ("gemma3", "gguf_sandwich"), "gemma3n": ("gemma3n", "gguf_sandwich"), "gpt2": ("gpt2", "gguf"),
    "gpt_bigcode": ("starcoder", "gguf"), "gptj": ("gptj", "gguf"), "gpt_neox": ("gptneox", "gguf"), "falcon": ("falcon", "gguf_falcon"),
    "mpt": ("mpt", "gguf"), "dbrx": ("dbrx", "gguf"), "bloom": ("bloom", "gguf"), "internlm2": ("internlm2", "gguf_llama"),
    "chatglm": ("chatglm", "gguf"), "glm": ("glm4", "gguf_sandwich"), "olmo": ("olmo", "gguf_llama"), "olmo2": ("olmo2", "gguf_sandwich"),
    "olmoe": ("olmoe", "gguf"), "stablelm": ("stablelm", "gguf"), "starcoder2": ("starcoder2", "gguf"), "cohere": ("command-r", "gguf"),
    "granitemoe": ("granitemoe", "gguf_llama"), "nemotron": ("nemotron", "gguf"), "arcee": ("arcee", "gguf_llama"),
    "apertus": ("apertus", "gguf"), "hunyuan_dense": ("hunyuan-dense", "gguf"), "exaone3": ("exaone", "gguf"),
    "gpt_oss": ("gpt-oss", "gguf_post_attention"), "llama4": ("llama4", "gguf_llama"), "jamba": ("jamba", "gguf_mamba"),
    "lfm2": ("lfm2", "gguf_lfm2"), "mamba": ("mamba", "gguf_mamba"), "bert": ("bert", "gguf_bert"), "t5": ("t5", "gguf_t5"),
}
PERMUTED = {"gguf_llama"}
# The converter's own names where the table of names has none.
EXTRA = [(r"\.mlp\.gate\.e_score_correction_bias$", "exp_probs_b.bias"), (r"linear_attn\.dt_bias$", "ssm_dt.bias"),
         (r"linear_attn\.A_log$", "ssm_a"), (r"mixer\.A_log$", "ssm_a"), (r"mamba\.A_log$", "ssm_a"), (r"mixer\.D$", "ssm_d"), (r"mamba\.D$", "ssm_d")]


def expand(text, rows):
    """The stored rows of a part."""
    if not text:
        return list(range(rows))
    return [row for run in text.split(",") for row in range(int(run.split("-")[0]), int(run.split("-")[1]) + 1)]


def runs(rows, total):
    if rows == list(range(total)):
        return ""
    found = []
    for row in rows:
        if found and found[-1][1] + 1 == row:
            found[-1][1] = row
        else:
            found.append([row, row])
    return ",".join(f"{a}-{b}" for a, b in found)


def pairs(rows, head):
    """The place of each row of heads in the order of Hugging Face, when they are stored as interleaved pairs."""
    half = head // 2
    return [h * head + 2 * j + s for h in range(rows // head) for s in range(2) for j in range(half)]


def gguf_name(name, names, depth):
    """The converter's name, with the number of the expert left out; nil for what it leaves out."""
    for pattern, ours in EXTRA:
        if re.search(pattern, name):
            return "blk." + re.search(r"[.](\d+)[.]", name)[1] + "." + ours
    plain = re.sub(r"experts\.\d+\.", "experts.", name)
    for candidate in (name, plain, "model." + plain, "transformer." + plain, re.sub(r"^model\.language_model\.|^language_model\.", "model.", plain),
                      re.sub(r"^(bert|transformer)\.", "", plain)):
        for suffix in (".weight", ".bias", ""):
            if candidate.endswith(suffix):
                stem = candidate[:len(candidate) - len(suffix)]
                found = names.get_name(stem)
                if found:
                    # Parameters without `.weight` of a module: experts of transformers 5.
                    return found + (suffix or (".bias" if candidate.endswith("_bias") else ".weight"))
                if not suffix and candidate.endswith("_bias") and names.get_name(candidate[:-5]):
                    return names.get_name(candidate[:-5]) + ".bias"
    return None


def convert(case):
    gguf, entry = KNOWN[case["architecture"]]
    names = get_tensor_name_map(ARCHITECTURES[gguf], case["depth"] + 1)
    # Every weight: where it goes, and what it is.
    found, order, lost = {}, [], []

    def put(name, weight):
        if name not in found:
            order.append(name)
        found.setdefault(name, []).append(weight)

    for number, (name, shape, parts, is_offset) in enumerate(case["tensors"]):
        if not parts:
            continue
        to = gguf_name(name, names, case["depth"])
        for part in parts:
            role, layer, expert, stack, transposed, rows, gain = (part + [None] * 7)[:7]
            inside = shape if stack is None else shape[1:] if len(shape) == 3 or shape[0] == max((p[3] or 0) for p in parts) + 1 else [shape[0] // (max(p[3] or 0 for p in parts) + 1)] + shape[1:]
            if len(inside) == 2:
                outputs, inputs = (inside[1], inside[0]) if transposed else (inside[0], inside[1])
            else:
                outputs, inputs = inside[0] if inside else 1, None
            count = len(expand(rows or "", outputs))
            target = to
            bare = role[:-5] if role.endswith(".bias") else role
            end = ".bias" if role.endswith(".bias") else ".weight"
            if layer is not None and bare in ("gate_proj", "up_proj", "down_proj") and expert is not None:
                target = f"blk.{layer}.ffn_{bare[:-5]}_exps{end}"
            elif layer is not None and bare.startswith("shared_expert.") and bare.endswith("_proj"):
                target = f"blk.{layer}.ffn_{bare[14:-5]}_shexp{end}"
            elif layer is not None and gguf in ("internlm2", "glm4moe") and bare in ("q_proj", "k_proj", "v_proj"):
                target = f"blk.{layer}.attn_{bare[0]}{end}"
            if target is None:
                lost.append(name)
                continue
            put(target, dict(role=role, layer=layer, expert=expert, count=count, inputs=inputs, shape=shape if len(inside) > 2 else None,
                             source=number, gain=gain, total=outputs, stored=expand(rows or "", outputs)))
    if lost:
        print(f"{case['name']}: left out {sorted(set(lost))[:6]}")
    places = {}
    for name in order:
        for weight in found[name]:
            places.setdefault(weight["source"], order.index(name))
    tensors = []
    for name in order:
        weights = found[name]
        stacked = [w for w in weights if w["expert"] is not None and "_exps" in name]
        parts, first = [], 0
        if stacked:
            weights = sorted(weights, key=lambda w: w["expert"])
        total = weights[0]["count"] if stacked else sum(w["count"] for w in weights)
        # Only q, k, v and gate, up are put in an order; what else is fused stays as it is.
        isJoined = re.search(r"attn_qkv|ffn_up\.", name) and not any("linear" in w["role"] for w in weights)
        if not stacked and not isJoined and len({w["source"] for w in weights}) == 1 and len(weights) > 1:
            total = weights[0]["total"]
        for w in weights:
            rows = list(range(w["count"])) if stacked else list(range(first, first + w["count"]))
            if not stacked and not isJoined and len(weights) > 1:
                rows = w["stored"]
            first += w["count"]
            if entry in PERMUTED and re.match(r"blk\.\d+\.attn_[qk]\.", name):
                rows = pairs(w["count"], case["head"])
            gain = w["gain"] if w["gain"] is None else places.get(w["gain"])
            part = [w["role"], w["layer"], w["expert"], w["expert"] if stacked else None, 0, runs(rows, total), gain, 0]
            if w["role"].endswith("A_log"):
                part[0] = w["role"][:-4]
            parts.append(part)
        inputs = weights[0]["inputs"]
        shape = weights[0]["shape"] or ([total] if inputs is None else [total, inputs])
        if stacked:
            shape = [len(weights)] + shape
        if "conv1d" in name and len(shape) == 3 and shape[1] == 1:
            # The converter drops the dimension of one.
            shape = [shape[0], shape[2]]
        tensors.append([name, shape, parts, False])
    return dict(name=f"{case['name']} as {gguf}", architecture=entry, gguf=gguf, config={}, head=case["head"], depth=case["depth"], tensors=tensors)


def main():
    cases = json.load(open(os.path.join(DATA, "architectures.json")))
    seen, written = set(), []
    for case in cases:
        # The first checkpoint of an architecture; the others differ in what the converter makes equal, or drops.
        if case["architecture"] in KNOWN and case["architecture"] not in seen:
            seen.add(case["architecture"])
            written.append(convert(case))
    with open(os.path.join(DATA, "gguf", "names.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in written) + "\n]\n")
    print(len(written), "cases")


if __name__ == "__main__":
    main()
