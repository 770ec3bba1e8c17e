"""The forward pass in numpy, for the self test and for rewrites that look at activations."""
import numpy as np


def norm(model, x, gain, bias):
    if model.layer_norm:
        x = x - x.mean(-1, keepdims=True)
    x = x / np.sqrt((x * x).mean(-1, keepdims=True) + model.eps)
    if gain is not None:
        x = x * gain
    return x if bias is None else x + bias


def linear(layer, key, x):
    y = x @ layer[key].astype(x.dtype).T
    return y if layer.get(key + "b") is None else y + layer[key + "b"]


def rotary(x, theta):
    """x [heads, tokens, size], pairs (i, i + size/2)."""
    half = x.shape[-1] // 2
    dtype = x.dtype
    angle = np.arange(x.shape[1])[:, None] * float(theta) ** (-np.arange(half) / half)
    c, s = np.cos(angle).astype(dtype), np.sin(angle).astype(dtype)
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * c - b * s, b * c + a * s], -1)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def activate(model, x):
    if model.activation == "silu":
        return x / (1 + np.exp(-x))
    return 0.5 * x * (1 + np.tanh(float(np.sqrt(2 / np.pi)) * (x + 0.044715 * x ** 3)))


def attention(model, layer, h):
    """The heads' outputs side by side, before the output matrix."""
    size = model.size
    q, k, v = (linear(layer, key, h).reshape(len(h), -1, size).transpose(1, 0, 2) for key in "qkv")
    for key, name in ((0, "qn"), (1, "kn")):
        if layer.get(name) is not None:
            x = (q, k)[key]
            x = x / np.sqrt((x * x).mean(-1, keepdims=True) + model.eps) * layer[name]
            q, k = (x, k) if key == 0 else (q, x)
    if model.rotary:
        q, k = rotary(q, model.theta), rotary(k, model.theta)
    group = len(q) // len(k)
    k, v = np.repeat(k, group, 0), np.repeat(v, group, 0)
    scores = q @ k.transpose(0, 2, 1) / float(np.sqrt(size))
    scores = np.where(np.tril(np.ones((len(h), len(h)), bool)), scores, scores.dtype.type(-np.inf))
    return (softmax(scores) @ v).transpose(1, 0, 2).reshape(len(h), -1)


def neurons(model, part, layer, h):
    if part.get("gate") is None:
        hidden = activate(model, linear(part, "up", h))
    else:
        hidden = activate(model, linear(part, "gate", h)) * linear(part, "up", h)
    return hidden if layer.get("run", {}).get("r4") is None else hidden @ layer["run"]["r4"].astype(hidden.dtype)


def mlp(model, layer, h, sites=None):
    if "experts" not in layer:
        hidden = neurons(model, layer, layer, h)
        if sites is not None:
            sites["down"] = hidden
        return linear(layer, "down", hidden)
    logits = linear(layer, "router", h)
    choice = logits if layer.get("rb") is None else logits + layer["rb"]
    chosen = np.argsort(-choice, -1, kind="stable")[:, :model.top]
    weights = softmax(np.take_along_axis(logits, chosen, -1))
    out = 0
    for e, expert in enumerate(layer["experts"]):
        weight = (weights * (chosen == e)).sum(-1, keepdims=True)
        if np.any(weight):
            out = out + weight * linear(expert, "down", neurons(model, expert, layer, h))
    return out


def forward(model, tokens, sites=None, dtype=np.float64):
    """Logits [tokens, vocabulary]. With a list `sites` none: it receives per layer what the matrices read, and the residual stream."""
    if model.tokens is not None:
        tokens = model.tokens[tokens]
    x = model.embed[tokens].astype(dtype)
    if model.pos is not None:
        x = x + model.pos[:len(tokens)]
    for layer in model.layers:
        site, run = {}, layer.get("run", {})
        if layer.get("q") is not None:
            h = norm(model, x, layer.get("a"), layer.get("ab"))
            heads = attention(model, layer, h)
            site.update(before=x, q=h, o=heads)
            y = linear(layer, "o", heads)
            x = (x if run.get("sa") is None else x @ run["sa"].astype(x.dtype)) + y
        if layer.get("up") is not None or "experts" in layer:
            h = norm(model, x, layer.get("m"), layer.get("mb"))
            site.update(middle=x, up=h)
            y = mlp(model, layer, h, site)
            x = (x if run.get("sm") is None else x @ run["sm"].astype(x.dtype)) + y
        if sites is not None:
            site["after"] = x
            sites.append(site)
    if sites is not None:
        return None
    x = norm(model, x, model.norm, model.norm_b)
    logits = x @ (model.embed if model.head is None else model.head).astype(x.dtype).T
    return logits if model.tokens is None else logits[:, model.tokens]


def activations(model, rng, count=384):
    """Per layer the inputs of its matrices on random tokens, a stand-in for calibration data."""
    limit = count if model.pos is None else min(count, len(model.pos))
    sites = []
    forward(model, rng.integers(0, len(model.embed) if model.tokens is None else len(model.tokens), limit), sites, np.float32)
    return sites
