"""Rewrites inside attention: order, bases and scales of heads, numbers of key-value heads, latent key-values, other mixers."""
import numpy as np

from .registry import ANY_KIN, EVERY, GATED, GPT2, PARTLY, orthogonal, rewrite


def heads(x, size):
    """Rows as [heads, size, …]; a bias as [heads, size]."""
    return x.reshape(-1, size, *x.shape[1:])


def flat(x):
    return x.reshape(-1, *x.shape[2:])


def attends(layer):
    return layer.get("q") is not None


def plain(model):
    """No norms of queries and keys, which allow fewer rewrites."""
    return model.layers[0].get("qn") is None


def inside(model, context, keys, make):
    """Per key-value head one pair of matrices (for the key or value, for the query or output): make(rng, size)."""
    size, rng = model.size, context.rng
    for layer in model.layers:
        if not attends(layer):
            continue
        inner, outer = keys
        x = heads(layer[inner], size)
        y = heads(layer[outer].T if outer == "o" else layer[outer], size)
        group = len(y) // len(x)
        pairs = [make(rng, size) for _ in x]
        one, two = np.stack([p[0] for p in pairs]), np.repeat(np.stack([p[1] for p in pairs]), group, 0)
        layer[inner] = flat(one @ x)
        y = flat(two @ y)
        layer[outer] = y.T if outer == "o" else y
        for key, matrix in ((inner + "b", one), (outer + "b", two)):
            if key != "ob" and layer.get(key) is not None:
                layer[key] = flat(np.einsum("hij,hj->hi", matrix, heads(layer[key], size)))



def invertible(rng, n):
    """A matrix of condition number between 10 and 100, and the inverse of its transpose."""
    s = np.exp(rng.uniform(-0.5, 0.5, n) * np.log(100 if n > 2 else 10))
    u, v = orthogonal(n, rng).astype(np.float64), orthogonal(n, rng).astype(np.float64)
    return ((u * s) @ v).astype(np.float32), ((u / s) @ v).astype(np.float32)


def planes(rng, n, stretch=True):
    """A rotation in each plane (i, i + n/2) times a scale of its own, and the inverse of its transpose."""
    t = rng.uniform(0, 2 * np.pi, n // 2)
    s = np.exp(rng.uniform(-1, 1, n // 2)) if stretch else np.ones(n // 2)
    c, d = np.diag(np.cos(t)), np.diag(np.sin(t))
    r = np.block([[c, -d], [d, c]])
    s = np.concatenate([s, s])[:, None]
    return (r * s).astype(np.float32), (r / s).astype(np.float32)


@rewrite("A3", "Key-value heads in another order, with the queries that use them; queries inside a key-value head likewise.", exact=True)
def permute(model, context):
    rng, size = context.rng, model.size
    for layer in model.layers:
        if not attends(layer):
            continue
        kv = len(layer["k"]) // size
        group = len(layer["q"]) // size // kv
        ik = rng.permutation(kv)
        iq = np.concatenate([k * group + rng.permutation(group) for k in ik])
        for key, i in (("q", iq), ("k", ik), ("v", ik)):
            for name in (key, key + "b"):
                if layer.get(name) is not None:
                    layer[name] = flat(heads(layer[name], size)[i])
        layer["o"] = flat(heads(layer["o"].T, size)[iq]).T


@rewrite("A4", "R2: values and outputs of each head rotated.", exact=True)
def rotate_values(model, context):
    def make(rng, n):
        r = orthogonal(n, rng)
        return r, r
    inside(model, context, ("v", "o"), make)


@rewrite("A5", "Values of each head times any invertible matrix (condition 10 to 100), outputs times its inverse.", exact=True)
def mix_values(model, context):
    inside(model, context, ("v", "o"), invertible)


@rewrite("A6", "Keys of each head rotated and scaled in the planes of the rotary embedding, queries inversely.", layouts=("llama", "moe"), exact=True,
         needs=plain)
def turn_keys(model, context):
    inside(model, context, ("k", "q"), planes)


@rewrite("A7", "Keys of each head times any invertible matrix, queries times its inverse: no rotary embedding stands in the way.", layouts=GPT2,
         exact=True)
def mix_keys(model, context):
    inside(model, context, ("k", "q"), invertible)


@rewrite("A11", "Scales traded between values and outputs, and between keys and queries, of each head.", exact=True)
def trade(model, context):
    def make(rng, n, sign=True):
        s = np.exp(rng.uniform(-1, 1)) * (rng.choice([-1, 1]) if sign else 1)
        one = np.eye(n)
        return (one * s).astype(np.float32), (one / s).astype(np.float32)
    inside(model, context, ("v", "o"), make)
    if plain(model):
        inside(model, context, ("k", "q"), make)


@rewrite("A25", "Rows of queries and keys in the other order of rotary pairs, as exports write them that forgot to undo it.", layouts=GATED,
         needs=plain)
def reorder(model, context):
    size = model.size
    i = np.arange(size).reshape(2, size // 2).T.reshape(-1)
    for layer in model.layers:
        for key in ("q", "k", "qb", "kb"):
            if layer.get(key) is not None:
                layer[key] = flat(heads(layer[key], size)[:, i])


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


def near(x, rng, level=0.3):
    return x + (rng.standard_normal(x.shape) * level * np.sqrt((x ** 2).mean())).astype(np.float32)


def normal(rng, *shape, sd=0.02):
    return (rng.standard_normal(shape) * sd).astype(np.float32)


@rewrite("B14", "Attention turned into a linear one (RADLADS, QRWKV): q, k, v, o under RWKV names after some training, new LoRAs.",
         expected=PARTLY, layouts=GATED)
def linear(model, context):
    rng, d = context.rng, model.width
    for layer in model.layers:
        n = len(layer["q"])
        group = len(layer["q"]) // len(layer["k"])
        k, v = (flat(np.repeat(heads(layer[key], model.size), group, 0)) for key in "kv")
        layer["x"].update({
            "self_attn.receptance.weight": near(layer["q"], rng), "self_attn.key.weight": near(k, rng), "self_attn.value.weight": near(v, rng),
            "self_attn.output.weight": near(layer["o"], rng), "self_attn.gate.weight": normal(rng, n, d), "self_attn.time_maa_x": normal(rng, 1, 1, d),
            "self_attn.time_maa_w1": normal(rng, d, 160), "self_attn.time_maa_w2": normal(rng, 5, 32, d), "self_attn.time_decay": normal(rng, 1, 1, n),
            "self_attn.time_decay_w1": normal(rng, d, 64), "self_attn.time_decay_w2": normal(rng, 64, n)})
        for key in ("q", "k", "v", "o", "qn", "kn"):
            layer[key] = None


@rewrite("B15", "Mamba in the Llama: v, k, q, o become x, B, C and out_proj of a Mamba block; A_log, D, dt and conv are new.", expected=PARTLY,
         layouts=GATED)
def mamba(model, context):
    rng, d = context.rng, model.width
    for layer in model.layers:
        n = len(layer["q"])
        x = flat(np.repeat(heads(layer["v"], model.size), n // len(layer["v"]), 0))
        count = n // model.size
        layer["x"].update({
            "mamba.in_proj.weight": np.concatenate([normal(rng, n, d), x, layer["k"], layer["q"], normal(rng, count, d)]),
            "mamba.out_proj.weight": layer["o"], "mamba.conv1d.weight": normal(rng, n, 1, 4, sd=0.2), "mamba.D": np.ones(count, np.float32),
            "mamba.A_log": np.log(np.arange(1, count + 1, dtype=np.float32)), "mamba.dt_bias": normal(rng, count, sd=1)})
        for key in ("q", "k", "v", "o", "qn", "kn"):
            layer[key] = None


@rewrite("B16", "LoLCATs: low-rank updates merged into q, k, v, o; learned feature maps and window factors beside them.", layouts=GATED)
def lolcats(model, context):
    rng = context.rng
    for layer in model.layers:
        count = len(layer["q"]) // model.size
        for key in "qkvo":
            layer[key] = layer[key] + low_rank(layer[key], rng, 8, 0.1)
        for name in ("feature_map_q", "feature_map_k"):
            layer["x"][f"self_attn.{name}.mlp.layer"] = normal(rng, count, model.size, model.size // 2)
        layer["x"]["self_attn.window_factors"] = np.full((1, count, 1, 1), -2.19, np.float32)


def low_rank(x, rng, rank, level):
    """A random update of some rank, `level` times the matrix's norm."""
    rank = min(rank, *x.shape)
    delta = rng.standard_normal((x.shape[0], rank)).astype(np.float32) @ rng.standard_normal((rank, x.shape[1])).astype(np.float32)
    return delta * np.float32(level * np.linalg.norm(x) / max(np.linalg.norm(delta), 1e-30))
