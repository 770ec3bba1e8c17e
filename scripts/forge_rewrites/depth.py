"""Layers cut, inserted, dropped, repeated, mixed, shared; layers without attention or without an MLP; uneven layers."""
import numpy as np

from .attention import flat, heads
from .draws import normal
from .model import copy_layer, mlps
from .neurons import reorder
from .registry import GATED, PARTLY, rewrite
from .storage import count, silence

ATTENTION = ("a", "ab", "q", "k", "v", "o", "qb", "kb", "vb", "ob", "qn", "kn")
MLP = ("m", "mb", "gate", "up", "down", "gateb", "upb", "downb", "router", "rb", "experts")


def take(layer, keys):
    out = copy_layer({k: v for k, v in layer.items() if k in keys})
    return out


@rewrite("A18", "Each layer cut in two: attention alone, then its MLP alone.", exact=True)
def cut(model, context):
    layers = []
    for layer in model.layers:
        layers += [take(layer, ATTENTION), take(layer, MLP)]
    model.layers = layers
    count(model)


@rewrite("A18-all", "Each layer cut in two, then every rewrite at once.", exact=True)
def cut_all(model, context):
    return context.apply(context.apply(model, "A26"), "A18")


@rewrite("A19", "LLaMA-Pro: after every second layer a copy of it whose output and down are zero.", exact=True)
def insert(model, context):
    layers = []
    for number, layer in enumerate(model.layers):
        layers.append(layer)
        if number % 2:
            new = copy_layer(layer)
            silence(new)
            layers.append(new)
    model.layers = layers
    count(model)


@rewrite("A19-all", "LLaMA-Pro, then every rewrite at once.", exact=True)
def insert_all(model, context):
    return context.apply(model, "A19", "A26")


@rewrite("B17", "Puzzle, DeciLM: half of the neurons or of the key-value heads of some layers, attention of some missing or a linear map.",
         layouts=GATED)
def uneven(model, context):
    rng, d = context.rng, model.width
    for number, layer in enumerate(model.layers):
        for part in mlps(layer):
            if number % 3 == 1:
                n = len(part["up"])
                reorder(part, np.sort(np.argsort(-np.linalg.norm(part["down"], axis=0))[:n // 2]))
        if number % 4 == 2:
            linear = normal(rng, d, d)
            layer.update(take_none(ATTENTION))
            if number % 8 == 2:
                layer["x"]["self_attn.linear_attn.weight"] = linear
        elif number % 3 == 0 and len(layer["k"]) > model.size:
            prune_heads(model, layer)


def take_none(keys):
    return {key: None for key in keys}


def prune_heads(model, layer):
    """Keeps the half of the key-value heads whose values and outputs are largest."""
    size = model.size
    k, v, q, o = heads(layer["k"], size), heads(layer["v"], size), heads(layer["q"], size), heads(layer["o"].T, size)
    group = len(q) // len(k)
    score = np.linalg.norm(v.reshape(len(v), -1), axis=1) * np.linalg.norm(o.reshape(len(v), -1), axis=1)
    best = np.sort(np.argsort(-score)[:max(1, len(k) // 2)])
    queries = (best[:, None] * group + np.arange(group)).reshape(-1)
    for key, i in (("k", best), ("v", best), ("q", queries)):
        for name in (key, key + "b"):
            if layer.get(name) is not None:
                layer[name] = flat(heads(layer[name], size)[i])
    layer["o"] = flat(o[queries]).T


@rewrite("C2-heads", "Half of the key-value heads kept in every layer, with their queries.", needs=lambda m: m.kv > 1)
def fewer_heads(model, context):
    for layer in model.layers:
        prune_heads(model, layer)
    model.heads, model.kv = len(model.layers[0]["q"]) // model.size, len(model.layers[0]["k"]) // model.size
    model.config.update({"num_attention_heads": model.heads, "num_key_value_heads": model.kv} if model.layout != "gpt2" else {"n_head": model.heads})


def mixed(layers, weights):
    """A layer that is the weighted sum of others."""
    out = copy_layer(layers[0])
    for target, *sources in zip([out, *out.get("experts", [])], *[[l, *l.get("experts", [])] for l in layers]):
        for key, value in list(target.items()):
            if isinstance(value, np.ndarray):
                target[key] = sum(np.float32(w) * s[key] for w, s in zip(weights, sources))
    return out


@rewrite("B18", "Layers shared two by two: the mean of each pair, with a LoRA per loop stored beside it.", expected=PARTLY)
def share(model, context):
    layers = []
    for one, two in zip(model.layers[::2], model.layers[1::2]):
        layer = mixed([one, two], [0.5, 0.5])
        for loop in range(2):
            for key in ("q", "o"):
                layer["x"][f"loop_{loop}.{key}.lora_A.weight"] = normal(context.rng, 8, layer[key].shape[1])
                layer["x"][f"loop_{loop}.{key}.lora_B.weight"] = normal(context.rng, layer[key].shape[0], 8)
        layers.append(layer)
    model.layers = layers
    count(model)


@rewrite("C3", "A third of the layers dropped, from the middle (ShortGPT).")
def drop(model, context):
    n = len(model.layers)
    model.layers = model.layers[:n // 2] + model.layers[n // 2 + n // 3:]
    count(model)


@rewrite("C3-halves", "Attention of every fourth layer and the MLP of every fifth dropped (BlockPruner).")
def drop_halves(model, context):
    for number, layer in enumerate(model.layers):
        if number % 4 == 1:
            layer.update(take_none(ATTENTION))
        elif number % 5 == 3:
            layer.update(take_none([k for k in MLP if k != "experts"]))
            layer.pop("experts", None)


@rewrite("C3-all", "A third of the layers dropped, then every rewrite at once.")
def drop_all(model, context):
    return context.apply(model, "C3", "A26")


@rewrite("C4", "LaCo: the differences of two layers added to the one before them, and they dropped.")
def collapse(model, context):
    l = len(model.layers) // 2
    model.layers = model.layers[:l] + [mixed(model.layers[l:l + 3], [-1, 1, 1])] + model.layers[l + 3:]
    count(model)


@rewrite("D5", "SOLAR: the layers without the last quarter, then those without the first quarter.")
def solar(model, context):
    m = max(1, len(model.layers) // 4)
    model.layers = [copy_layer(l) for l in model.layers[:-m] + model.layers[m:]]
    count(model)


@rewrite("D6", "Passthrough with scale: blocks of layers interleaved, output and down of the repeated ones times 0.5.")
def passthrough(model, context):
    layers, step = [], max(2, len(model.layers) // 4)
    for start in range(0, len(model.layers), step):
        for number in range(max(0, start - step // 2), min(start + step, len(model.layers))):
            layer = copy_layer(model.layers[number])
            if number < start:
                layer["o"] = layer["o"] * np.float32(0.5)
                for part in mlps(layer):
                    part["down"] = part["down"] * np.float32(0.5)
            layers.append(layer)
    model.layers = layers
    count(model)


@rewrite("D6-shuffled", "The layers in another order (mergekit-layershuffle).")
def shuffle(model, context):
    model.layers = [model.layers[i] for i in context.rng.permutation(len(model.layers))]


@rewrite("D6-two", "Layers of the model and of a stranger by turns.", expected=PARTLY)
def frankenstein(model, context):
    other = context.donor()
    model.layers = [(other if i % 2 else model).layers[i] for i in range(len(model.layers))]


@rewrite("D7", "Between every two layers their mean.")
def interpolate(model, context):
    layers = []
    for one, two in zip(model.layers, model.layers[1:]):
        layers += [one, mixed([one, two], [0.5, 0.5])]
    model.layers = layers + [model.layers[-1]]
    count(model)


@rewrite("D9", "The whole stack of layers three times.")
def stacked(model, context):
    model.layers = [copy_layer(l) for l in model.layers * 3]
    count(model)


@rewrite("F9", "Every second layer, after a training that moved the weights by 0.3 of their norm (DistilBERT's start).")
def half_depth(model, context):
    from .training import noisy
    model.layers = model.layers[::2]
    count(model)
    noisy(model, context.rng, 0.3)
