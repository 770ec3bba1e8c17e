"""Exact rewrites inside attention: order, bases and scales of heads."""
import numpy as np

from .registry import GATED, GPT2, orthogonal, rewrite


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
