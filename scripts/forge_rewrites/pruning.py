"""Elements, neurons and channels left out."""
import numpy as np

from .model import matrices, mlps, residual, resize
from .neurons import reorder, widen
from .rank import SITE, sites
from .registry import rewrite


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
