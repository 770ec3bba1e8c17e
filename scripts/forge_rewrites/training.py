"""What training, tuning, editing and wrapping do."""
import numpy as np

from . import towers
from .draws import low_rank
from .model import attention_writers, matrices, mlp_writers
from .registry import ANY_KIN, KIN, PARTLY, rewrite


def swap_mlps(model, other):
    for layer, source in zip(model.layers, other.layers):
        for key in ("gate", "up", "down", "gateb", "upb", "downb", "router", "rb", "experts"):
            if source.get(key) is not None:
                layer[key] = source[key]


@rewrite("F10", "Attention taken over; MLPs and token tables are another model's.", expected=PARTLY, part="attention")
def attention_only(model, context):
    other = context.donor()
    model.untie()
    swap_mlps(model, other)
    model.embed, model.head, model.pos = other.embed, other.embed if other.head is None else other.head, other.pos


@rewrite("F10-masked", "Attention taken over and rewritten (order, bases and scales of heads; residual basis rotated); the rest is new.",
         expected=PARTLY, part="attention")
def attention_only_masked(model, context):
    return context.apply(model, "F10", "A26")


@rewrite("F10-mlp", "MLPs taken over; attention and token tables are another model's.", expected=PARTLY, part="MLP")
def mlp_only(model, context):
    other = context.donor()
    swap_mlps(other, model)
    return other


@rewrite("F10-mlp-masked", "MLPs taken over and rewritten; attention and token tables are another model's.", expected=PARTLY, part="MLP")
def mlp_only_masked(model, context):
    return context.apply(model, "F10-mlp", "A26")


def noisy(model, rng, level):
    """Noise of `level` times each matrix's standard deviation."""
    from .mixtures import slots
    for part, key in slots(model):
        part[key] = part[key] + (rng.standard_normal(part[key].shape) * level * part[key].std()).astype(np.float32)


@rewrite("F1-0.3", "Noise of 0.3 times each matrix's standard deviation.")
def noise(model, context):
    noisy(model, context.rng, 0.3)


@rewrite("F1-1", "Noise as large as the weights.")
def much_noise(model, context):
    noisy(model, context.rng, 1)


@rewrite("F1-3", "Noise three times as large as the weights.", expected=ANY_KIN)
def most_noise(model, context):
    noisy(model, context.rng, 3)


@rewrite("F1-0.3-all", "Noise of 0.3, then every rewrite at once.")
def noise_all(model, context):
    return context.apply(model, "F1-0.3", "A26")


@rewrite("F1-0.5-all", "Noise of 0.5, then every rewrite at once.")
def half_noise_all(model, context):
    noisy(model, context.rng, 0.5)
    return context.apply(model, "A26")


@rewrite("F1-1-all", "Noise as large as the weights, then every rewrite at once.", expected=ANY_KIN)
def much_noise_all(model, context):
    return context.apply(model, "F1-1", "A26")


@rewrite("F2", "A fine-tune: an update of rank 8 and 0.1 of the norm in each matrix, and noise of 0.03.")
def tune(model, context):
    from .mixtures import tuned
    return tuned(model, context.rng)


@rewrite("F2-all", "Every rewrite at once, then a fine-tune.")
def tune_all(model, context):
    from .mixtures import tuned
    return tuned(context.apply(model, "A26"), context.rng)


def ablate(model, context, change):
    d = model.width
    v = context.rng.standard_normal(d)
    v = (v / np.linalg.norm(v)).astype(np.float32)
    middle = 0.6 * len(model.layers)
    for number, layer in enumerate(model.layers):
        strength = np.float32(max(0, 1 - abs(number - middle) / (0.5 * len(model.layers))))
        for part, key in attention_writers(layer) + mlp_writers(layer):
            part[key] = change(part[key], v, strength)


def project(w, v, strength):
    return w - strength * np.outer(v, v @ w)


@rewrite("F3", "Abliteration: one direction removed from output and down, strongest in the middle layers.")
def abliterate(model, context):
    ablate(model, context, project)


@rewrite("F4", "Abliteration that keeps the norm of each row.")
def abliterate_norms(model, context):
    def change(w, v, strength):
        norms = np.linalg.norm(w, axis=1, keepdims=True) + np.float32(1e-12)
        x = project(w / norms, v, strength)
        return x / (np.linalg.norm(x, axis=1, keepdims=True) + np.float32(1e-12)) * norms
    ablate(model, context, change)


@rewrite("F4-all", "Abliteration that keeps norms, then every rewrite at once.")
def abliterate_all(model, context):
    return context.apply(model, "F4", "A26")


@rewrite("F5", "The activation changed in the configuration, the weights kept (before further training).", expected=KIN)
def other_activation(model, context):
    model.config["hidden_act" if model.layout != "gpt2" else "activation_function"] = "relu"


@rewrite("F7-vlm", "Wrapped as a vision-language model whose tower is half as large again as the language model.")
def wrap(model, context):
    towers.wrap(model, context.rng, 1.5)


@rewrite("F7-vlm-small", "Wrapped as a vision-language model with a tower of three tenths of the language model.")
def wrap_small(model, context):
    towers.wrap(model, context.rng, 0.3)


@rewrite("F7-vlm-all", "Every rewrite at once, then wrapped with a tower half as large again.")
def wrap_all(model, context):
    return context.apply(model, "A26", "F7-vlm")


@rewrite("F7-reward", "The output head replaced by a score of one row, after a fine-tune.")
def reward(model, context):
    from .mixtures import tuned
    model = tuned(model, context.rng)
    model.extra["score.weight"] = (context.rng.standard_normal((1, model.width)) * 0.02).astype(np.float32)
    model.store.append(lambda tensors: {n: v for n, v in tensors.items() if n != "lm_head.weight"})
    return model


@rewrite("F7-encoder", "A text encoder: names without their prefix, no output head (LLM2Vec).", expected=KIN)
def encoder(model, context):
    short = lambda name: name.removeprefix("model.").removeprefix("transformer.")
    model.store.append(lambda tensors: {short(n): v for n, v in tensors.items() if n != "lm_head.weight"})


@rewrite("F7-draft", "A draft head (EAGLE): the token table and the head copied, one new layer, a new projection.",
         expected=("partial", "insufficient"), part="token tables")
def draft(model, context):
    other = context.donor()
    model.layers = [other.layers[0]]
    model.extra["fc.weight"] = (context.rng.standard_normal((model.width, 2 * model.width)) * 0.02).astype(np.float32)


@rewrite("F8", "The token table rebuilt: fewer tokens, a third of them combinations of the old ones (tokensurgeon), the body untouched.")
def new_tokens(model, context):
    rng, count = context.rng, int(len(model.embed) * 0.8)
    kept = rng.permutation(len(model.embed))[:count]
    new = np.flatnonzero(rng.random(count) < 1 / 3)
    parts = rng.integers(0, len(model.embed), (len(new), 8))
    weights = rng.dirichlet(np.ones(8), len(new)).astype(np.float32)
    for name in ("embed", "head"):
        table = getattr(model, name)
        if table is not None:
            out = table[kept]
            for column in range(8):
                out[new] = (0 if column == 0 else out[new]) + weights[:, column:column + 1] * table[parts[:, column]]
            setattr(model, name, out)
    model.config["vocab_size"] = count


@rewrite("F8-stranger", "Token table and head of a stranger, the body untouched.")
def other_tokens(model, context):
    other = context.donor()
    model.embed, model.pos = other.embed, other.pos
    if model.head is not None:
        model.head = other.head if other.head is not None else other.embed


@rewrite("F8-all", "Token table and head of a stranger, then every rewrite at once.")
def other_tokens_all(model, context):
    return context.apply(model, "F8-stranger", "A26")


@rewrite("F11-pissa", "The base of PiSSA: each matrix without its 16 largest singular values, which an adapter would hold.")
def pissa(model, context):
    for layer in model.layers:
        for part, key in matrices(layer):
            w = part[key]
            rank = min(16, min(w.shape) // 4)
            y = w @ (w.T @ (w @ context.rng.standard_normal((w.shape[1], rank + 8)).astype(np.float32)))
            q, _ = np.linalg.qr(y)
            u, _, _ = np.linalg.svd(q.T @ w, full_matrices=False)
            u = (q @ u)[:, :rank]
            part[key] = w - u @ (u.T @ w)


@rewrite("F11-dora", "DoRA merged: a low-rank update, then a new length of each row.")
def dora(model, context):
    for layer in model.layers:
        for part, key in matrices(layer):
            w = part[key]
            x = w + low_rank(w, context.rng, 8, 0.2)
            length = np.linalg.norm(w, axis=1) * (1 + 0.05 * context.rng.standard_normal(len(w)).astype(np.float32))
            part[key] = x / np.linalg.norm(x, axis=1, keepdims=True) * length[:, None]


@rewrite("F11-sibling", "The LoRA of one fine-tune merged into another fine-tune.")
def sibling(model, context):
    from .mixtures import tuned
    model = tuned(model, context.rng)
    for layer in model.layers:
        for part, key in matrices(layer):
            part[key] = part[key] + low_rank(part[key], context.rng, 8, 0.1)
    return model
