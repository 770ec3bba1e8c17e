"""Exact rewrites of the residual stream: order, rotation, gains, width."""
import numpy as np

from .model import attention_readers, attention_writers, biases, fold, mlp_readers, mlp_writers, residual, resize, without_mean
from .registry import GATED, GPT2, orthogonal, rewrite


@rewrite("A8", "The channels of the residual stream in another order, and with other signs where the norm allows it.", exact=True)
def permute(model, context):
    d = model.width
    i = context.rng.permutation(d)
    tied = model.head is None
    s = np.ones(d, np.float32) if model.layer_norm else context.rng.choice([-1, 1], d).astype(np.float32)
    q = (np.eye(d, dtype=np.float32) * s)[:, i]
    residual(model, q)
    if tied:
        model.head = None
        model.config["tie_word_embeddings"] = True
    for layer in model.layers:
        for gain, bias in (("a", "ab"), ("m", "mb")):
            if layer.get(gain) is not None:
                layer[gain] = layer[gain][i]
            if layer.get(bias) is not None:
                layer[bias] = layer[bias][i]
    model.norm = model.norm[i]


@rewrite("A9", "R1: the residual basis rotated by a random orthogonal matrix, gains folded first.", exact=True)
def rotate(model, context):
    fold(model)
    d = model.width
    if not model.layer_norm:
        return residual(model, orthogonal(d, context.rng))
    # A rotation that keeps the mean commutes with LayerNorm.
    first = np.zeros((d, d), np.float64)
    first[:, 0] = 1 / np.sqrt(d)
    basis, _ = np.linalg.qr(first + np.pad(context.rng.standard_normal((d, d - 1)), ((0, 0), (1, 0))))
    inner = np.eye(d)
    inner[1:, 1:] = orthogonal(d - 1, context.rng)
    residual(model, (basis @ inner @ basis.T).astype(np.float32))


@rewrite("A10", "A random part of each norm gain moved into the matrices that read it.", exact=True)
def move_gains(model, context):
    for layer in model.layers:
        for gain, bias, pairs in (("a", "ab", attention_readers(layer)), ("m", "mb", mlp_readers(layer))):
            if layer.get(gain) is None:
                continue
            s = np.exp(context.rng.uniform(-1, 1, len(layer[gain]))).astype(np.float32)
            layer[gain] = layer[gain] * s
            if layer.get(bias) is not None:
                layer[bias] = layer[bias] * s
            for part, key in pairs:
                part[key] = part[key] / s


@rewrite("A12", "The residual stream widened by a quarter: zeros appended, then rotated.", layouts=GATED, exact=True)
def widen(model, context):
    fold(model)
    d = model.width
    wide = d + max(8, d // 4)
    residual(model, orthogonal(wide, context.rng)[:d])
    shrink = np.float32(np.sqrt(d / wide))
    for layer in model.layers:
        for part, key in attention_readers(layer) + mlp_readers(layer):
            part[key] = part[key] * shrink
    model.head = model.head * shrink
    model.eps *= d / wide
    resize(model, wide)


@rewrite("A13", "The whole residual stream times 3: token table and every matrix that writes.", exact=True)
def scale(model, context):
    s = np.float32(3)
    model.untie()
    model.embed = model.embed * s
    if model.pos is not None:
        model.pos = model.pos * s
    for layer in model.layers:
        for part, key in attention_writers(layer) + mlp_writers(layer) + biases(layer, "attention") + biases(layer, "mlp"):
            part[key] = part[key] * s
    model.eps *= float(s) ** 2


@rewrite("A14", "LayerNorm turned into RMSNorm: the mean removed from everything that writes, gains and biases folded.", layouts=GPT2, exact=True)
def centre(model, context):
    without_mean(model)


@rewrite("A14-A9", "LayerNorm turned into RMSNorm, then the residual basis rotated freely.", layouts=GPT2, exact=True)
def centre_rotate(model, context):
    return context.apply(model, "A14", "A9")


@rewrite("A15", "A constant moved from the values' bias into the output's bias.", layouts=GPT2, exact=True)
def move_bias(model, context):
    for layer in model.layers:
        c = (context.rng.standard_normal(len(layer["vb"])) * max(0.1, 3 * layer["vb"].std())).astype(np.float32)
        layer["vb"] = layer["vb"] + c
        layer["ob"] = layer["ob"] - layer["o"] @ c


def own_bases(model, context, halves, shortcuts=True, bases=None):
    """A residual basis of its own after every block (or half block), with the shortcut matrices that lead from one to the next."""
    without_mean(model)
    fold(model)
    model.untie()
    d = model.width
    if bases is None:
        one = lambda: orthogonal(d, context.rng)
        bases = [one() for _ in range(2 * len(model.layers) + 1)]
    from .model import turn
    now = bases[0]
    model.embed = model.embed @ now
    if model.pos is not None:
        model.pos = model.pos @ now
    for l, layer in enumerate(model.layers):
        middle = bases[2 * l + 1] if halves else now
        after = bases[2 * l + 2]
        turn(layer, now, middle, middle, after)
        for key, one, two in (("sa", now, middle), ("sm", middle, after)):
            if one is two:
                continue
            layer["run"][key] = one.T @ two
            if shortcuts:
                layer["x"]["attn_shortcut_Q" if key == "sa" else "mlp_shortcut_Q"] = layer["run"][key]
        layer["a"] = layer["m"] = None
        now = after
    model.head = model.head @ now
    if model.norm_b is not None:
        model.norm_b = model.norm_b @ now
    model.norm = np.ones(now.shape[1], np.float32)


@rewrite("B8-layer", "A residual basis of its own after every block, shortcut matrices stored (SliceGPT, nothing sliced).", exact=True)
def basis_per_layer(model, context):
    own_bases(model, context, halves=False)


@rewrite("B8-half", "A residual basis of its own after every half block, shortcut matrices stored.", exact=True)
def basis_per_half(model, context):
    own_bases(model, context, halves=True)


@rewrite("B8-half-bare", "A residual basis of its own after every half block, shortcut matrices not stored.", exact=True)
def basis_per_half_bare(model, context):
    own_bases(model, context, halves=True, shortcuts=False)


@rewrite("B8-half-all", "Every rewrite at once, then a residual basis of its own after every half block.", exact=True)
def basis_per_half_all(model, context):
    return context.apply(model, "A26", "B8-half")


@rewrite("B8-half-R4", "A residual basis of its own after every half block, and down's neuron axis mixed.", exact=True)
def basis_per_half_mixed(model, context):
    return context.apply(model, "B8-half", "B1")


def principal(x, keep, rng):
    """The first directions [d, keep] of the rows, every row counted alike."""
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    _, vectors = np.linalg.eigh(x.T @ x)
    return vectors[:, ::-1][:, :keep].astype(np.float32)


def sliced(model, context, halves):
    from .run import activations
    without_mean(model)
    fold(model)
    keep = int(model.width * 0.75) // 8 * 8
    sites = activations(model, context.rng)
    bases = []
    for site in sites:
        bases += [principal(site["before"], keep, context.rng), principal(site["middle"], keep, context.rng)]
    bases.append(principal(sites[-1]["after"], keep, context.rng))
    own_bases(model, context, halves, bases=bases)
    model.config["hidden_size" if model.layout != "gpt2" else "n_embd"] = keep


@rewrite("B9-global", "SliceGPT with one basis: three quarters of the principal directions of the residual stream kept.")
def sliced_global(model, context):
    from .run import activations
    without_mean(model)
    fold(model)
    sites = activations(model, context.rng)
    keep = int(model.width * 0.75) // 8 * 8
    residual(model, principal(np.concatenate([s["before"] for s in sites]), keep, context.rng))
    resize(model, keep)


@rewrite("B9-layer", "SliceGPT: three quarters of the principal directions kept, another basis after every block, shortcuts stored.")
def sliced_per_layer(model, context):
    sliced(model, context, halves=False)


@rewrite("B9-half", "SliceGPT: three quarters of the principal directions kept, another basis after every half block, shortcuts stored.")
def sliced_per_half(model, context):
    sliced(model, context, halves=True)


@rewrite("A26", "Every rewrite at once: neurons, scales, heads, gains, experts, and the residual basis rotated.", exact=True)
def everything(model, context):
    return context.apply(model, "A1", "A2", "A3", "A5", "A6", "A7", "A11", "A10", "A20", "A15", "A9")
