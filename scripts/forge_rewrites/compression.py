"""Pruning, low rank, rounding, and quantised formats."""
import numpy as np

from .attention import low_rank
from .files import Raw, rounded
from .model import attention_readers, attention_writers, matrices, mlp_readers, mlp_writers, mlps, residual, resize
from .neurons import noise_like, reorder, widen
from .registry import ANY_KIN, EVERY, GATED, PARTLY, rewrite

SITE = {"q": "q", "k": "q", "v": "q", "o": "o", "gate": "up", "up": "up", "down": "down"}
NAMES = {key: ("self_attn." if key in "qkvo" else "mlp.") + key + "_{}_proj.weight" for key in SITE}


def sites(model, context):
    from .run import activations
    return activations(model, context.rng)


def gram_root(w, covariance, rank):
    """The factors [m, r] and [r, k] of the best w of that rank for inputs of that covariance."""
    m, k = w.shape
    if m <= k:
        _, u = np.linalg.eigh(w @ covariance @ w.T)
        u = u[:, ::-1][:, :rank]
        return u.astype(np.float32), (u.T @ w).astype(np.float32)
    s = np.linalg.cholesky(covariance)
    whitened = w @ s
    _, v = np.linalg.eigh(whitened.T @ whitened)
    v = v[:, ::-1][:, :rank]
    return (whitened @ v).astype(np.float32), np.linalg.solve(s.T, v).T.astype(np.float32)


def factors(model, context, ratio):
    found = sites(model, context)
    for layer, site in zip(model.layers, found):
        for key in SITE:
            if layer.get(key) is None:
                continue
            x = site[SITE[key]].astype(np.float64)
            covariance = x.T @ x / len(x)
            covariance += np.eye(len(covariance)) * np.trace(covariance) / len(covariance) * 1e-2
            w = layer[key].astype(np.float64)
            u, v = gram_root(w, covariance, max(1, int(min(w.shape) * ratio)))
            layer["x"][NAMES[key].format("u")], layer["x"][NAMES[key].format("v")] = u, v
            layer[key] = None


@rewrite("B10-half", "Every matrix as two factors of half rank, with whitened inputs (SVD-LLM).", layouts=("llama", "qwen3"))
def factors_half(model, context):
    factors(model, context, 0.5)


@rewrite("B10-quarter", "Every matrix as two factors of a quarter of the rank.", layouts=("llama", "qwen3"))
def factors_quarter(model, context):
    factors(model, context, 0.25)


@rewrite("B10-half-R1", "The residual basis rotated, then every matrix as two factors of half rank.", layouts=("llama", "qwen3"))
def factors_rotated(model, context):
    return context.apply(model, "A9", "B10-half")


@rewrite("B10-quarter-R1", "The residual basis rotated, then every matrix as two factors of a quarter of the rank.", expected=ANY_KIN,
         layouts=("llama", "qwen3"))
def factors_quarter_rotated(model, context):
    return context.apply(model, "A9", "B10-quarter")


def scores(model, context):
    """Wanda's score of each element: its magnitude times the norm of its input on random tokens."""
    for layer, site in zip(model.layers, sites(model, context)):
        for part, key in matrices(layer):
            x = site.get(SITE.get(key)) if part is layer else site.get("up") if key != "down" else None
            yield part, key, np.abs(part[key]) * (1 if x is None else np.linalg.norm(x, axis=0).astype(np.float32))


@rewrite("C1-half", "Half of the elements of each row zero, by Wanda's score.")
def prune(model, context):
    for part, key, score in scores(model, context):
        if key != "router":
            limit = np.median(score, axis=1, keepdims=True)
            part[key] = np.where(score > limit, part[key], np.float32(0))


@rewrite("C1-2:4", "Two of every four elements zero, by Wanda's score.")
def prune_two_of_four(model, context):
    for part, key, score in scores(model, context):
        if key != "router" and score.shape[1] % 4 == 0:
            groups = score.reshape(len(score), -1, 4)
            keep = groups.argsort(2).argsort(2) >= 2
            part[key] = np.where(keep.reshape(score.shape), part[key], np.float32(0))


@rewrite("C1-half-all", "Half of the elements zero, then every rewrite at once.")
def prune_all(model, context):
    return context.apply(model, "C1-half", "A26")


def fewer(model, share):
    for layer in model.layers:
        for part in mlps(layer):
            norms = np.linalg.norm(part["up"], axis=1) * np.linalg.norm(part["down"], axis=0)
            keep = int(len(norms) * share) // 8 * 8
            reorder(part, np.sort(np.argsort(-norms)[:keep]))
        widen(model, layer)


@rewrite("C2-neurons", "Three fifths of the neurons kept, by norm.")
def fewer_neurons(model, context):
    fewer(model, 0.6)


@rewrite("C2-channels", "Three quarters of the channels of the residual stream kept, by the norm of the token table.")
def fewer_channels(model, context):
    d = model.width
    keep = np.sort(np.argsort(-np.linalg.norm(model.embed, axis=0))[:d * 3 // 4 // 8 * 8])
    tied = model.head is None
    residual(model, np.eye(d, dtype=np.float32)[:, keep])
    if tied:
        model.head = None
    for layer in model.layers:
        for key in ("ab", "mb"):
            if layer.get(key) is not None:
                layer[key] = layer[key][keep]
    resize(model, len(keep), keep)


@rewrite("C2-all", "Three fifths of the neurons and three quarters of the channels kept, then every rewrite at once.")
def narrow_all(model, context):
    return context.apply(model, "C2-neurons", "C2-channels", "A26")


def each(model, function, router=False):
    for layer in model.layers:
        for part, key in matrices(layer):
            if router or key != "router":
                part[key] = function(part[key])


def group_size(columns):
    return next(g for g in (64, 32, 16, 8, 4, 1) if columns % g == 0)


def grouped(w, function):
    g = group_size(w.shape[1])
    return function(w.reshape(len(w), -1, g)).reshape(w.shape).astype(np.float32)


def uniform(w, bits):
    """Asymmetric rounding per group of inputs."""
    def one(x):
        low, high = x.min(2, keepdims=True), x.max(2, keepdims=True)
        step = np.maximum((high - low) / (2 ** bits - 1), 1e-12)
        return np.round((x - low) / step) * step + low
    return grouped(w, one)


def float4(w):
    """E2M1 with a scale per group."""
    levels = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6], np.float32)

    def one(x):
        scale = np.maximum(np.abs(x).max(2, keepdims=True) / 6, 1e-12)
        y = np.abs(x) / scale
        return np.sign(x) * levels[np.searchsorted((levels[1:] + levels[:-1]) / 2, y)] * scale
    return grouped(w, one)


def float8(w):
    """E4M3 with a scale per matrix."""
    scale = np.abs(w).max() / 448
    x = w / scale
    step = 2.0 ** (np.maximum(np.floor(np.log2(np.maximum(np.abs(x), 1e-30))), -6) - 3)
    return (np.round(x / step) * step * scale).astype(np.float32)


@rewrite("C8-int8", "Rounded to 8 bits per group, and back.", expected=("identical", "derived"))
def int8(model, context):
    each(model, lambda w: uniform(w, 8))


@rewrite("C8-int4", "Rounded to 4 bits per group, and back.")
def int4(model, context):
    each(model, lambda w: uniform(w, 4))


@rewrite("C8-int2", "Rounded to 2 bits per group, and back.")
def int2(model, context):
    each(model, lambda w: uniform(w, 2))


@rewrite("C8-chain", "BF16, F16, FP8, FP4, one after the other, and back.")
def chain(model, context):
    each(model, lambda w: float4(float8(rounded(w).astype(np.float16).astype(np.float32))))


@rewrite("C9", "R1 and R2, then rounded to 4 bits per group.")
def rotated_int4(model, context):
    return context.apply(model, "A9", "A4", "C8-int4")


@rewrite("C9-R4", "R1, R2 and R4, then rounded to 4 bits per group (QuaRot, SpinQuant).")
def mixed_int4(model, context):
    return context.apply(model, "A9", "A4", "B1", "C8-int4")


@rewrite("C9-fp4", "R1 and R2, then rounded to FP4 per group.")
def rotated_fp4(model, context):
    model = context.apply(model, "A9", "A4")
    each(model, float4)
    return model


@rewrite("C10", "Ternary: signs, zeros, and one scale per matrix (BitNet).", expected=PARTLY)
def ternary(model, context):
    def one(w):
        s = np.abs(w).mean()
        return (np.clip(np.round(w / s), -1, 1) * s).astype(np.float32)
    each(model, one)


@rewrite("C10-R1", "The residual basis rotated, then ternary.", expected=ANY_KIN)
def ternary_rotated(model, context):
    return context.apply(model, "A9", "C10")


def packed(codes, bits):
    """Codes [rows, columns] in U32, the first one in the lowest bits."""
    count = 32 // bits
    x = codes.astype(np.uint64).reshape(len(codes), -1, count)
    return (x << (np.arange(count, dtype=np.uint64) * bits)).sum(2).astype(np.uint32)


def mlx(bits, size):
    def apply(tensors):
        out = {}
        for name, w in tensors.items():
            g = next((g for g in (size, 64, 32) if w.ndim == 2 and w.shape[1] % g == 0), None)
            if g is None or not name.endswith(".weight") or "router" in name:
                out[name] = w
                continue
            x = w.reshape(len(w), -1, g)
            low, high = x.min(2), x.max(2)
            # As MLX does: the larger end of a group is met exactly.
            scale = np.maximum((high - low) / (2 ** bits - 1), 1e-7)
            side = np.abs(low) > np.abs(high)
            scale = np.where(side, scale, -scale)
            edge = np.where(side, low, high)
            steps = np.round(edge / scale)
            scale = np.where(steps != 0, edge / np.where(steps == 0, 1, steps), scale)
            bias = np.where(steps == 0, 0, edge)
            scale, bias = rounded(scale.astype(np.float32)), rounded(bias.astype(np.float32))
            codes = np.clip(np.round((x - bias[..., None]) / scale[..., None]), 0, 2 ** bits - 1)
            stem = name[:-len("weight")]
            out[name] = Raw("U32", packed(codes.reshape(w.shape), bits))
            out[stem + "scales"], out[stem + "biases"] = scale, bias
        return out
    return apply


def as_mlx(model, bits):
    model.store.append(mlx(bits, 64))
    model.config["quantization"] = {"group_size": 64, "bits": bits}


@rewrite("C12-4", "MLX, 4 bits: codes packed in U32, scales and biases per group.", layouts=GATED)
def mlx4(model, context):
    as_mlx(model, 4)


@rewrite("C12-8", "MLX, 8 bits.", layouts=GATED)
def mlx8(model, context):
    as_mlx(model, 8)


@rewrite("C12-4-R1", "The residual basis rotated, then MLX, 4 bits.", layouts=GATED)
def mlx4_rotated(model, context):
    return context.apply(model, "A9", "C12-4")


@rewrite("C12-4-all", "Every rewrite at once, then MLX, 4 bits.", layouts=GATED)
def mlx4_all(model, context):
    return context.apply(model, "A26", "C12-4")


@rewrite("C11", "HQQ: 4-bit codes of all groups in U8, first half in the high bits; zero and scale per group.", expected=("derived", "insufficient"),
         layouts=GATED)
def hqq(model, context):
    def apply(tensors):
        out = {}
        for name, w in tensors.items():
            if w.ndim != 2 or w.size % 128 or "_proj" not in name:
                out[name] = w
                continue
            x = w.reshape(-1, 64)
            low, high = x.min(1, keepdims=True), x.max(1, keepdims=True)
            scale = np.maximum((high - low) / 15, 1e-8)
            zero = -low / scale
            codes = np.clip(np.round(x / scale + zero), 0, 15).astype(np.uint8)
            half = len(codes) // 2
            stem = name[:-len("weight")]
            out[stem + "W_q"] = Raw("U8", codes[:half] << 4 | codes[half:2 * half])
            out[stem + "scale"], out[stem + "zero"] = scale.astype(np.float32), zero.astype(np.float32)
            out[stem + "shape"] = Raw("I64", np.array(w.shape))
        return out
    model.store.append(apply)


@rewrite("C-svd", "Each matrix cut to half of its rank, in place.")
def cut_rank(model, context):
    def one(w):
        small = w if len(w) <= w.shape[1] else w.T
        _, u = np.linalg.eigh((small @ small.T).astype(np.float64))
        u = u[:, -(len(small) // 2):].astype(np.float32)
        small = u @ (u.T @ small)
        return small if len(w) <= w.shape[1] else small.T
    each(model, one)


@rewrite("C-svd-all", "Each matrix cut to half of its rank, then every rewrite at once.")
def cut_rank_all(model, context):
    return context.apply(model, "C-svd", "A26")
