"""Merges of fine-tunes of one base, and mixtures with a stranger. The fine-tunes are made by a low-rank update and noise."""
import numpy as np

from .draws import low_rank
from .experts import greedy
from .model import matrices, mlps
from .neurons import reorder
from .registry import ANY_KIN, PARTLY, rewrite


def slots(model):
    """Every matrix of a model: pairs of something to set and a key."""
    return [(vars(model), key) for key in ("embed", "head", "pos") if getattr(model, key) is not None] + [
        pair for layer in model.layers for pair in matrices(layer)]


def tuned(model, rng, rank=8, level=0.1, noise=0.03):
    """A fine-tune: an update of low rank and a little noise in every matrix."""
    model = model.copy()
    for part, key in slots(model):
        x = part[key]
        if key in ("embed", "head", "pos"):
            part[key] = x + (rng.standard_normal(x.shape) * noise * x.std()).astype(np.float32)
        else:
            part[key] = x + low_rank(x, rng, rank, level) + (rng.standard_normal(x.shape) * noise * x.std()).astype(np.float32)
    return model


def combine(models, function):
    """The model whose matrices are function(matrices of the models)."""
    out = models[0].copy()
    for target, *sources in zip(slots(out), *[slots(m) for m in models]):
        part, key = target
        part[key] = np.asarray(function(*[s[k] for s, k in sources]), np.float32)
    return out


def tunes(context, count=2):
    return [tuned(context.original, context.rng) for _ in range(count)]


def of_tunes(context, function, count=2):
    return combine(tunes(context, count), function)


def of_tasks(context, function, count=3):
    """base + function(list of differences)."""
    base = context.original
    return combine([base, *tunes(context, count)], lambda b, *t: b + function([x - b for x in t]))


def sphere(x, y, t):
    a, b = x.astype(np.float64).ravel(), y.astype(np.float64).ravel()
    c = np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)
    angle = np.arccos(c)
    if angle < 1e-6:
        return (1 - t) * x + t * y
    return (np.float32(np.sin((1 - t) * angle) / np.sin(angle)) * x + np.float32(np.sin(t * angle) / np.sin(angle)) * y)


@rewrite("E1-linear", "Linear merge of two fine-tunes, 0.6 and 0.4.")
def linear(model, context):
    return of_tunes(context, lambda x, y: np.float32(0.6) * x + np.float32(0.4) * y)


@rewrite("E1-slerp", "SLERP of two fine-tunes.")
def slerp(model, context):
    return of_tunes(context, lambda x, y: sphere(x, y, 0.4))


@rewrite("E1-karcher", "Mean on the sphere of three fine-tunes (karcher, multislerp).")
def karcher(model, context):
    def mean(*xs):
        norms = [np.linalg.norm(x) for x in xs]
        out = sum(x / n for x, n in zip(xs, norms))
        return out / np.linalg.norm(out) * np.mean(norms)
    return of_tunes(context, mean, 3)


@rewrite("E2-arithmetic", "Task arithmetic: the base and 0.7 of the differences of three fine-tunes.")
def arithmetic(model, context):
    return of_tasks(context, lambda ds: np.float32(0.7) * sum(ds))


def top(d, density):
    limit = np.quantile(np.abs(d[:: max(1, len(d) // 512)]), 1 - density)
    return np.where(np.abs(d) >= limit, d, np.float32(0))


def elect(ds):
    """The mean of those that have the sign of the sum."""
    sign = np.sign(sum(ds))
    agree = [(np.sign(d) == sign) & (d != 0) for d in ds]
    return sum(np.where(a, d, np.float32(0)) for a, d in zip(agree, ds)) / np.maximum(sum(a.astype(np.float32) for a in agree), 1)


def dropped(d, rng, density):
    return d * (rng.random(d.shape, dtype=np.float32) < density) / np.float32(density)


@rewrite("E2-ties", "TIES of three fine-tunes, density 0.5.")
def ties(model, context):
    return of_tasks(context, lambda ds: elect([top(d, 0.5) for d in ds]))


@rewrite("E2-dare", "DARE, linear, of three fine-tunes, density 0.5.")
def dare(model, context):
    return of_tasks(context, lambda ds: sum(dropped(d, context.rng, 0.5) for d in ds) / np.float32(3))


@rewrite("E2-dare-ties", "DARE with TIES' signs of three fine-tunes, density 0.5.")
def dare_ties(model, context):
    return of_tasks(context, lambda ds: elect([dropped(d, context.rng, 0.5) for d in ds]))


@rewrite("E2-della", "DELLA of three fine-tunes: kept by rank of magnitude within rows, density 0.5 ± 0.1.")
def della(model, context):
    def keep(d):
        rank = d.reshape(len(d), -1)
        rank = np.abs(rank).argsort(1).argsort(1) / max(1, rank.shape[1] - 1)
        p = (0.4 + 0.2 * rank).reshape(d.shape).astype(np.float32)
        return d * (context.rng.random(d.shape, dtype=np.float32) < p) / p
    return of_tasks(context, lambda ds: elect([keep(d) for d in ds]))


@rewrite("E2-breadcrumbs", "Breadcrumbs of three fine-tunes: density 0.5 without the largest hundredth.")
def breadcrumbs(model, context):
    def keep(d):
        limit = np.quantile(np.abs(d[:: max(1, len(d) // 512)]), 0.99)
        return np.where(np.abs(d) > limit, np.float32(0), top(d, 0.5))
    return of_tasks(context, lambda ds: sum(keep(d) for d in ds) / np.float32(3))


@rewrite("E2-sce", "SCE of three fine-tunes: elements of large variance, weights by energy, minority signs erased.")
def sce(model, context):
    def fuse(ds):
        variance = np.var(ds, 0)
        mask = variance >= np.quantile(variance[:: max(1, len(variance) // 512)], 0.3)
        energy = [float((d ** 2 * mask).sum()) for d in ds]
        sign = np.sign(sum(ds))
        kept = [np.where((np.sign(d) == sign) & mask, d, np.float32(0)) for d in ds]
        return sum(np.float32(1.5 * e / sum(energy)) * d for e, d in zip(energy, kept))
    return of_tasks(context, fuse)


@rewrite("E3", "Model stock of three fine-tunes: their mean and the base, weighted by the angle between them.")
def stock(model, context):
    def mean(ds):
        flat = [d.ravel() for d in ds]
        cosine = np.mean([a @ b / np.linalg.norm(a) / np.linalg.norm(b) for i, a in enumerate(flat) for b in flat[i + 1:]])
        t = 3 * cosine / (1 + 2 * cosine)
        return np.float32(t) * sum(ds) / np.float32(3)
    return of_tasks(context, mean)


@rewrite("E4-nearswap", "Nearswap of two fine-tunes: elements that are near are swapped.")
def nearswap(model, context):
    def swap(a, b):
        t = np.float32(np.abs(a - b).mean() / 3)
        w = np.clip(t / np.maximum(np.abs(a - b), np.float32(1e-12)), 0, 1)
        return w * b + (1 - w) * a
    return of_tunes(context, swap)


@rewrite("E4-arcee-fusion", "Arcee fusion of a fine-tune into another: only elements that matter.")
def fusion(model, context):
    def fuse(a, b):
        d = b - a
        x, y = a.reshape(len(a), -1), b.reshape(len(b), -1)
        p, q = np.exp(x - x.max(1, keepdims=True)), np.exp(y - y.max(1, keepdims=True))
        p, q = p / p.sum(1, keepdims=True), q / q.sum(1, keepdims=True)
        weight = np.abs(d.reshape(len(d), -1)) * (p * np.log(p / q)).sum(1, keepdims=True)
        low, median, high = np.quantile(weight[:: max(1, len(weight) // 512)], [0.25, 0.5, 0.75])
        return a + (weight >= median + 1.5 * (high - low)).reshape(d.shape) * d
    return of_tunes(context, fuse)


@rewrite("E4-ram", "RAM of two sparse fine-tunes: unique changes taken whole, shared ones averaged.")
def ram(model, context):
    def fuse(ds):
        ds = [top(d, 0.3) for d in ds]
        changed = sum((np.abs(d) > 1e-5).astype(np.float32) for d in ds)
        return sum(ds) / np.maximum(changed, 1)
    return of_tasks(context, fuse)


@rewrite("E2-ties-R1", "TIES of three fine-tunes, then the residual basis rotated.")
def ties_rotated(model, context):
    return context.apply(ties(model, context), "A9")


def with_stranger(context, share):
    return combine([context.original, context.donor()], lambda a, b: np.float32(share) * a + np.float32(1 - share) * b)


@rewrite("E5", "The mean with a stranger whose neurons were put in the order that fits best (git re-basin).", expected=PARTLY)
def rebasin(model, context):
    other = context.donor()
    for layer, source in zip(other.layers, model.layers):
        for part, target in zip(mlps(layer), mlps(source)):
            def rows(m):
                keys = [k for k in ("gate", "up") if m.get(k) is not None]
                x = np.concatenate([m[k] for k in keys] + [m["down"].T], 1)
                return x / np.linalg.norm(x, axis=1, keepdims=True)
            reorder(part, greedy(rows(target) @ rows(part).T))
    return combine([context.original, other], lambda a, b: (a + b) / 2)


@rewrite("E6-50", "Half of the model and half of a stranger.", expected=PARTLY)
def half(model, context):
    return with_stranger(context, 0.5)


@rewrite("E6-30", "0.3 of the model and 0.7 of a stranger.", expected=PARTLY)
def three_tenths(model, context):
    return with_stranger(context, 0.3)


@rewrite("E6-15", "0.15 of the model and 0.85 of a stranger.", expected=ANY_KIN)
def small_share(model, context):
    return with_stranger(context, 0.15)


@rewrite("E6-50-R1", "Half of the model and half of a stranger, then the residual basis rotated.", expected=ANY_KIN)
def half_rotated(model, context):
    return context.apply(with_stranger(context, 0.5), "A9")
