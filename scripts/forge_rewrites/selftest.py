"""The test of forge itself: every exact rewrite of small random models leaves the logits as they are."""
import json
import os
import tempfile

import numpy as np

from . import files, layouts, registry, run
from .files import Raw
from .model import Model


def tiny(kind, seed):
    """A random model of 4 layers with everything that its layout has."""
    rng = np.random.default_rng(seed)
    model = Model()
    d, n, size, model.heads, model.kv, tokens = 32, 48, 8, 4, 2, 96
    model.size = size
    def matrix(rows, columns):
        return (rng.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)
    def vector(length, middle=1.0):
        return (middle + 0.2 * rng.standard_normal(length)).astype(np.float32)
    model.embed, model.norm = matrix(tokens, d), vector(d)
    if kind == "gpt2":
        model.layout, model.layer_norm, model.rotary, model.activation, model.kv = "gpt2", True, False, "gelu", 4
        model.pos, model.norm_b = matrix(64, d), vector(d, 0)
    elif kind != "qwen3":
        model.head = matrix(tokens, d)
    if kind == "moe":
        model.layout = "mixtral"
    for _ in range(4):
        layer = {"a": vector(d), "m": vector(d), "q": matrix(model.heads * size, d), "k": matrix(model.kv * size, d), "v": matrix(model.kv * size, d),
                 "o": matrix(d, model.heads * size), "x": {}, "run": {}}
        mlp = lambda: {"gate": matrix(n, d), "up": matrix(n, d), "down": matrix(d, n)}
        if kind == "moe":
            layer.update(router=matrix(4, d), experts=[mlp() for _ in range(4)])
        else:
            layer.update(mlp())
        if kind == "qwen3":
            layer.update(qn=vector(size), kn=vector(size))
        if kind == "gpt2":
            del layer["gate"]
            layer.update({key: vector(len(layer[key[:-1]]), 0) for key in ("qb", "kb", "vb", "ob", "upb", "downb")}, ab=vector(d, 0), mb=vector(d, 0))
        model.layers.append(layer)
    model.config = {"num_attention_heads": model.heads, "num_key_value_heads": model.kv, "rms_norm_eps": model.eps, "rope_theta": model.theta}
    return model


def values(model):
    """All numbers of a model, sorted: storage changes none of them."""
    parts = []
    for tensor in model.tensors().values():
        array = tensor.values if isinstance(tensor, Raw) else tensor
        parts.append(np.frombuffer(array.tobytes(), np.float32) if array.dtype == np.uint8 else array.reshape(-1))
    return np.sort(np.concatenate(parts).astype(np.float32))


def reread(model):
    """The model as a file holds it: written as F32 and read again."""
    with tempfile.TemporaryDirectory() as folder:
        files.write_file(os.path.join(folder, "model.safetensors"), model.tensors(), "f32")
        with open(os.path.join(folder, "config.json"), "w") as file:
            json.dump(model.config, file)
        return layouts.load(folder)[0]


def selftest(seed=1, only=None):
    """Applies every rewrite to four small models. Returns the number of failures."""
    wrong = checked = applied = 0
    for kind in ("llama", "qwen3", "moe", "gpt2"):
        original, other = tiny(kind, seed), tiny(kind, seed + 1)
        tokens = np.random.default_rng(seed + 2).integers(0, len(original.embed), 24)
        logits = run.forward(original, tokens)
        before = values(original)
        if not np.allclose(run.forward(reread(original), tokens), logits, rtol=1e-9, atol=1e-9):
            wrong += 1
            print(f"{kind}: written and read again, the model is another one")
        for entry in registry.REWRITES.values():
            if not registry.applies(entry, original) or only and entry.id not in only:
                continue
            context = registry.Context(seed, original, other)
            model = original.copy()
            model = entry.function(model, context) or model
            tensors = model.tensors()
            applied += 1
            bad = [n for n, v in tensors.items() if not isinstance(v, Raw) and (v.dtype != np.float32 or not np.isfinite(v).all())]
            if bad:
                wrong += 1
                print(f"{entry.id} of {kind}: not finite F32: {bad[0]} {tensors[bad[0]].dtype}")
            if not np.array_equal(values(original), before):
                wrong += 1
                print(f"{entry.id} of {kind}: changes the original")
            if entry.id == "F1-0.3":
                # What has to be seen: a change of the function.
                found = run.forward(model, tokens)
                if not np.abs(found - logits).max() / np.abs(logits).max() > 1e-2:
                    wrong += 1
                    print(f"{entry.id} of {kind}: noise does not change the logits")
            if entry.exact:
                checked += 1
                if model.store:
                    # Tensors under other names or in other pieces: the same numbers, or those of an exact rewrite.
                    plain = model.copy()
                    plain.store = []
                    same = np.array_equal(values(model), values(plain))
                    wrong += not same
                    if not same:
                        print(f"{entry.id} of {kind}: other numbers are stored")
                found = run.forward(model, tokens)[:, :logits.shape[1]]
                error = np.abs(found - logits).max() / np.abs(logits).max()
                if not error < 1e-4:
                    wrong += 1
                    print(f"{entry.id} of {kind}: logits differ by {error:.2g}")
    print(f"forge: {applied} rewrites of four small models, {checked} of them exact, {wrong} wrong")
    return wrong
