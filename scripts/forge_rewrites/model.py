"""A language model in one form, whatever layout its files have.

Matrices are [outputs, inputs]. A layer is a dict:
  a, ab       gain and bias of the norm before attention; m, mb of the norm before the MLP (None: no such tensor)
  q k v o     attention; qb kb vb ob biases; qn kn gains of the norms of queries and keys
  gate up down, gateb upb downb     the MLP; without a gate the activation is that of `up`
  router, bias of its choice `rb`, experts [dict of gate, up, down]     a mixture of experts in place of the MLP
  x           further tensors: suffix of the name -> array
  run         what the run time adds: `r4` [n, n] after the activation, `sa` and `sm` shortcut matrices of the residual stream
A missing entry means that the layer does not have it. Arrays are never changed in place, so copies of a model share them.
"""
import copy as copying

import numpy as np

from . import layouts

READERS = ("q", "k", "v")
SPLIT = ("q", "k", "v", "o", "gate", "up", "down", "router")


class Model:
    def __init__(self):
        self.layout = "llama"
        self.config = {}
        self.embed = self.head = self.pos = self.norm = self.norm_b = None
        self.layers = []
        self.extra = {}
        self.heads = self.kv = self.size = 0
        self.eps, self.theta, self.layer_norm, self.activation, self.top = 1e-6, 1e4, False, "silu", 2
        self.rotary = True
        self.tokens = None  # new number of each old token, where their order changed
        self.prefix = ""    # before every name
        self.store = []     # functions from tensors by name to tensors by name, applied when the model is written
        self.gguf = None    # the kind of its numbers, where the model is written as a GGUF file

    @property
    def width(self):
        return self.embed.shape[1]

    def copy(self):
        other = copying.copy(self)
        other.config = dict(self.config)
        other.layers = [copy_layer(layer) for layer in self.layers]
        other.extra, other.store = dict(self.extra), list(self.store)
        return other

    def untie(self):
        """Gives the output head a matrix of its own."""
        if self.head is None:
            self.head = self.embed
            self.config["tie_word_embeddings"] = False

    def parameters(self):
        return sum(int(np.prod(v.shape)) for v in self.tensors().values())

    def tensors(self):
        """Everything that is written, by name."""
        flat = layouts.flat(self)
        for function in self.store:
            flat = function(flat)
        return flat


def copy_layer(layer):
    other = dict(layer)
    other["x"], other["run"] = dict(layer.get("x", {})), dict(layer.get("run", {}))
    if "experts" in layer:
        other["experts"] = [dict(e) for e in layer["experts"]]
    return other


def mlps(layer):
    """The MLPs of a layer: its own, or those of its experts."""
    return layer["experts"] if "experts" in layer else [layer] if layer.get("up") is not None else []


def attention_readers(layer):
    return [(layer, key) for key in READERS if layer.get(key) is not None]


def mlp_readers(layer):
    pairs = [(part, key) for part in mlps(layer) for key in ("gate", "up") if part.get(key) is not None]
    return pairs + ([(layer, "router")] if layer.get("router") is not None else [])


def attention_writers(layer):
    return [(layer, "o")] if layer.get("o") is not None else []


def mlp_writers(layer):
    return [(part, "down") for part in mlps(layer)]


def biases(layer, which):
    """The biases that write into the residual stream."""
    if which == "attention":
        return [(layer, "ob")] if layer.get("ob") is not None else []
    return [(part, "downb") for part in mlps(layer) if part.get("downb") is not None]


def matrices(layer):
    """Every matrix of a layer, as pairs of a dict and a key."""
    return attention_readers(layer) + attention_writers(layer) + mlp_readers(layer) + mlp_writers(layer)


def fold(model):
    """Moves the gains and biases of all norms into the matrices that read them. The gain of each norm is one after it."""
    for layer in model.layers:
        for gain, bias, pairs in (("a", "ab", attention_readers(layer)), ("m", "mb", mlp_readers(layer))):
            g, b = layer.get(gain), layer.get(bias)
            if g is None:
                continue
            for part, key in pairs:
                if b is not None:
                    old = part.get(key + "b")
                    if old is not None or np.any(b):
                        part[key + "b"] = (0 if old is None else old) + part[key] @ b
                part[key] = part[key] * g
            layer[gain] = np.ones_like(g)
            if b is not None:
                layer[bias] = np.zeros_like(b)
    if model.norm is not None and np.any(model.norm != 1):
        model.untie()
        model.head = model.head * model.norm
        if model.norm_b is not None:
            model.norm_b = model.norm_b / model.norm
        model.norm = np.ones_like(model.norm)


def without_mean(model):
    """Turns LayerNorm into RMSNorm: gains folded, and nothing with a mean is written into the residual stream."""
    if not model.layer_norm:
        return
    fold(model)
    model.untie()
    model.embed = model.embed - model.embed.mean(1, keepdims=True)
    if model.pos is not None:
        model.pos = model.pos - model.pos.mean(1, keepdims=True)
    for layer in model.layers:
        for part, key in attention_writers(layer) + mlp_writers(layer):
            part[key] = part[key] - part[key].mean(0, keepdims=True)
        for part, key in biases(layer, "attention") + biases(layer, "mlp"):
            part[key] = part[key] - part[key].mean()
        layer.pop("ab", None)
        layer.pop("mb", None)
    model.layer_norm = False


def residual(model, q):
    """Changes the basis of the residual stream by q [d, d']: a row x becomes x q. Gains have to be one, or q a permutation."""
    model.untie()
    model.embed, model.head = model.embed @ q, model.head @ q
    if model.pos is not None:
        model.pos = model.pos @ q
    if model.norm_b is not None:
        model.norm_b = model.norm_b @ q
    for layer in model.layers:
        turn(layer, q, q, q, q)


def turn(layer, attention_in, attention_out, mlp_in, mlp_out):
    """Changes the basis that each half of a layer reads from and writes into."""
    for part, key in attention_readers(layer):
        part[key] = part[key] @ attention_in
    for part, key in mlp_readers(layer):
        part[key] = part[key] @ mlp_in
    for pairs, q in ((attention_writers(layer), attention_out), (mlp_writers(layer), mlp_out)):
        for part, key in pairs:
            part[key] = q.T @ part[key]
    for which, q in (("attention", attention_out), ("mlp", mlp_out)):
        for part, key in biases(layer, which):
            part[key] = part[key] @ q


def resize(model, d, keep=None):
    """Gains of norms for a residual stream of another width: those of the channels `keep`, or ones."""
    def gain(g):
        return None if g is None else np.ones(d, np.float32) if keep is None else g[keep]
    for layer in model.layers:
        for key in ("a", "m"):
            if layer.get(key) is not None:
                layer[key] = gain(layer[key])
    model.norm = gain(model.norm)
    for key in ("hidden_size", "n_embd"):
        if key in model.config:
            model.config[key] = d
