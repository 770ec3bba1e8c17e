"""Exact rewrites of MLPs: order, scales, splits, mixtures of the neuron axis."""
import numpy as np

from .draws import noise_like
from .model import mlps
from .registry import GATED, hadamard, rewrite

SPLIT = ("gate", "up")


def reorder(part, i):
    """The neurons `i` of an MLP."""
    for key in ("gate", "up", "gateb", "upb"):
        if part.get(key) is not None:
            part[key] = part[key][i]
    part["down"] = part["down"][:, i]


@rewrite("A1", "The neurons of each MLP in another order.", exact=True)
def permute(model, context):
    for layer in model.layers:
        for part in mlps(layer):
            reorder(part, context.rng.permutation(len(part["up"])))


@rewrite("A2", "Each neuron's up row times a number of either sign, its down column divided by it.", layouts=GATED, exact=True)
def trade(model, context):
    for layer in model.layers:
        for part in mlps(layer):
            n = len(part["up"])
            s = (np.exp(context.rng.uniform(-1, 1, n)) * context.rng.choice([-1, 1], n)).astype(np.float32)
            part["up"] = part["up"] * s[:, None]
            if part.get("upb") is not None:
                part["upb"] = part["upb"] * s
            part["down"] = part["down"] / s


@rewrite("B1", "R4: down's neuron axis times an orthogonal matrix; the run time turns the activation likewise.", exact=True)
def mix(model, context):
    for layer in model.layers:
        for number, part in enumerate(mlps(layer)):
            if number == 0:
                h = hadamard(part["down"].shape[1], context.rng)
            part["down"] = part["down"] @ h
        layer["run"]["r4"] = h if layer["run"].get("r4") is None else layer["run"]["r4"] @ h


@rewrite("B1-R1", "R1 and R4: the residual basis rotated and down's neuron axis mixed.", exact=True)
def mix_rotated(model, context):
    return context.apply(model, "A9", "B1")


def doubled(part):
    n = len(part["up"])
    reorder(part, np.concatenate([np.arange(n), np.arange(n)]))
    return n


@rewrite("B3", "Each neuron doubled: gate twice, up split into a random part of five times the norm and the rest.", layouts=GATED, exact=True)
def split_up(model, context):
    for layer in model.layers:
        for part in mlps(layer):
            n = doubled(part)
            r = noise_like(part["up"][:n], context.rng, 5)
            part["up"] = np.concatenate([r, part["up"][n:] - r])
        widen(model, layer)


@rewrite("B4", "Each neuron doubled: gate and up twice, down split into a random part of five times the norm and the rest.", exact=True)
def split_down(model, context):
    for layer in model.layers:
        for part in mlps(layer):
            n = doubled(part)
            r = noise_like(part["down"][:, :n], context.rng, 5)
            part["down"] = np.concatenate([r, part["down"][:, n:] - r], 1)
        widen(model, layer)


def widen(model, layer):
    model.config["intermediate_size" if model.layout != "gpt2" else "n_inner"] = len(mlps(layer)[0]["up"])


@rewrite("B3-all", "B3, then every rewrite at once.", layouts=GATED, exact=True)
def split_up_all(model, context):
    return context.apply(model, "B3", "A26")


@rewrite("B4-all", "B4, then every rewrite at once.", exact=True)
def split_down_all(model, context):
    return context.apply(model, "B4", "A26")


@rewrite("B7", "R1, R4 and B3 together: of each MLP only the gate rows are left, up to the rotation.", layouts=GATED, exact=True)
def split_rotated_mixed(model, context):
    return context.apply(model, "B3", "A1", "A9", "B1")


@rewrite("B7-all", "B3, every rewrite at once, then R4.", layouts=GATED, exact=True)
def split_all_mixed(model, context):
    return context.apply(model, "B3", "A26", "B1")


def clones(model, context, k):
    rng = context.rng
    for layer in model.layers:
        for part in mlps(layer):
            n = len(part["up"])
            reorder(part, np.tile(np.arange(n), k))
            alpha = rng.dirichlet(np.full(k, 2.0), n).T.reshape(-1).astype(np.float32)
            part["down"] = part["down"] * alpha
            for key in SPLIT:
                if part.get(key) is not None:
                    part[key] = part[key] + noise_like(part[key], rng, 1e-5)
            reorder(part, rng.permutation(n * k))
        widen(model, layer)


@rewrite("B5-2", "Each neuron cloned twice (Net2Wider): the copies share its down column in random parts; order drawn.", exact=True)
def clones_two(model, context):
    clones(model, context, 2)


@rewrite("B5-4", "Each neuron cloned four times; the copies share its down column in random parts; order drawn.", exact=True)
def clones_four(model, context):
    clones(model, context, 4)


@rewrite("B5-2-all", "B5-2, then every rewrite at once.", exact=True)
def clones_all(model, context):
    return context.apply(model, "B5-2", "A26")


def extend(part, new):
    for key, axis in (("gate", 0), ("up", 0), ("gateb", 0), ("upb", 0), ("down", 1)):
        if part.get(key) is not None:
            part[key] = np.concatenate([part[key], new[key]], axis)


@rewrite("B6-zero", "As many random neurons again, whose down columns are zero; order drawn.", exact=True)
def dummies(model, context):
    rng = context.rng
    for layer in model.layers:
        for part in mlps(layer):
            n = len(part["up"])
            new = {key: noise_like(part[key], rng, 1) for key in ("gate", "up", "gateb", "upb") if part.get(key) is not None}
            extend(part, {**new, "down": np.zeros_like(part["down"])})
            reorder(part, rng.permutation(2 * n))
        widen(model, layer)


@rewrite("B6-clique", "As many random neurons again, in pairs that cancel each other; order drawn.", exact=True)
def cliques(model, context):
    rng = context.rng
    for layer in model.layers:
        for part in mlps(layer):
            n = len(part["up"])
            pairs = n // 2
            new = {}
            for key in ("gate", "up", "gateb", "upb"):
                if part.get(key) is not None:
                    half = noise_like(part[key][:pairs], rng, 1)
                    new[key] = np.concatenate([half, half])
            d = noise_like(part["down"][:, :pairs], rng, 1)
            extend(part, {**new, "down": np.concatenate([d, -d], 1)})
            reorder(part, rng.permutation(n + 2 * pairs))
        widen(model, layer)


@rewrite("B6-all", "B6-zero, then every rewrite at once.", exact=True)
def dummies_all(model, context):
    return context.apply(model, "B6-zero", "A26")
