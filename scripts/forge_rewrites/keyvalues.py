"""Another number of key-value heads, and latent key-values."""
import numpy as np

from .attention import flat, heads
from .registry import GATED, rewrite


def grouped(model):
    return model.heads > model.kv


@rewrite("A16", "Key-value heads repeated until every query has its own.", layouts=GATED, exact=True, needs=grouped)
def repeat(model, context):
    group = model.heads // model.kv
    for layer in model.layers:
        for key in ("k", "v", "kb", "vb"):
            if layer.get(key) is not None:
                layer[key] = flat(np.repeat(heads(layer[key], model.size), group, 0))
    model.kv = model.heads
    model.config["num_key_value_heads"] = model.heads


@rewrite("A16-all", "Key-value heads repeated, then every rewrite at once.", layouts=GATED, exact=True, needs=grouped)
def repeat_all(model, context):
    return context.apply(model, "A16", "A26")


def several(model):
    return model.kv % 2 == 0


@rewrite("B13", "Key-value heads merged two by two by their mean.", layouts=GATED, needs=several)
def merge(model, context):
    for layer in model.layers:
        for key in ("k", "v", "kb", "vb"):
            if layer.get(key) is not None:
                x = heads(layer[key], model.size)
                layer[key] = flat(x.reshape(len(x) // 2, 2, *x.shape[1:]).mean(1))
    model.kv //= 2
    model.config["num_key_value_heads"] = model.kv


@rewrite("B13-one", "All key-value heads merged into one by their mean (multi-query attention).", layouts=GATED, needs=lambda m: m.kv > 1)
def merge_all(model, context):
    for layer in model.layers:
        for key in ("k", "v", "kb", "vb"):
            if layer.get(key) is not None:
                layer[key] = heads(layer[key], model.size).mean(0)
    model.kv = 1
    model.config["num_key_value_heads"] = 1


def latent(layer, size, ratio):
    """TransMLA of one layer: keys rotated per frequency over heads, the first one kept for positions, the rest and the values in a latent."""
    k, v, q = heads(layer["k"], size), heads(layer["v"], size), heads(layer["q"], size)
    kv, half = len(k), size // 2
    group = len(q) // kv
    u = np.zeros((half, kv, kv), np.float32)
    turned = np.zeros_like(k)
    for f in range(half):
        x = np.concatenate([k[:, f], k[:, f + half]], 1)
        _, vectors = np.linalg.eigh(x @ x.T)
        u[f] = vectors[:, ::-1].T
        turned[:, f], turned[:, f + half] = u[f] @ k[:, f], u[f] @ k[:, f + half]
    rest = turned[1:].reshape(-1, k.shape[2])
    values = layer["v"]
    balance = np.float32(np.linalg.norm(values) / max(np.linalg.norm(rest), 1e-9)) if len(rest) else np.float32(1)
    both = np.concatenate([rest * balance, values])
    left, s, right = np.linalg.svd(both, full_matrices=False)
    r = max(1, int(len(both) * ratio))
    down, up = s[:r, None] * right[:r], left[:, :r].copy()
    up[:len(rest)] /= balance
    frequency = np.concatenate([np.arange(half)] * 2)
    blocks = []
    for h in range(len(q)):
        g = h // group
        key = np.zeros((size, r), np.float32)
        for c in range(1, kv):
            key += u[frequency, c, g][:, None] * up[(c - 1) * size:c * size]
        blocks += [key, up[len(rest) + g * size:len(rest) + (g + 1) * size]]
    query = [part for h in range(len(q)) for part in (q[h], u[frequency, 0, h // group][:, None] * q[h])]
    return {"self_attn.q_proj.weight": np.concatenate(query), "self_attn.kv_a_proj_with_mqa.weight": np.concatenate([down, turned[0]]),
            "self_attn.kv_a_layernorm.weight": np.ones(r, np.float32), "self_attn.kv_b_proj.weight": np.concatenate(blocks)}


@rewrite("B11", "Grouped attention turned into latent attention (TransMLA), written with DeepSeek's names.", layouts=("llama",),
         needs=lambda m: m.kv > 1)
def transmla(model, context):
    for layer in model.layers:
        layer["x"].update(latent(layer, model.size, 0.75))
        layer["q"] = layer["k"] = layer["v"] = None
    model.config.update(model_type="deepseek_v3", architectures=["DeepseekV3ForCausalLM"])


@rewrite("B11-R1", "TransMLA, then the residual basis rotated.", layouts=("llama",), needs=lambda m: m.kv > 1)
def transmla_rotated(model, context):
    return context.apply(model, "A9", "B11")


@rewrite("B12", "MHA2MLA: the rotary planes of largest norm kept per head, the other keys and the values in a joint latent.", layouts=GATED)
def mha2mla(model, context):
    size, half = model.size, model.size // 2
    for layer in model.layers:
        k = heads(layer["k"], size)
        norms = (k ** 2).sum(2)
        best = np.argsort(-(norms[:, :half] + norms[:, half:]), 1)[:, :max(1, half // 4)]
        mask = np.zeros((len(k), size), bool)
        for h, chosen in enumerate(best):
            mask[h, chosen] = mask[h, chosen + half] = True
        both = np.concatenate([k[~mask], layer["v"]])
        left, s, right = np.linalg.svd(both, full_matrices=False)
        r = max(1, len(both) // 2)
        count = int((~mask).sum())
        layer["x"].update({
            "self_attn.W_k_r.weight": k[mask], "self_attn.W_down_k.weight": s[:r, None] * right[:r], "self_attn.W_up_k.weight": left[:count, :r],
            "self_attn.W_up_v.weight": left[count:, :r]})
        layer["k"] = layer["v"] = None
