"""Low rank: two factors for one matrix, or cut in place."""
import numpy as np

from .registry import ANY_KIN, rewrite
from .rounding import each

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
