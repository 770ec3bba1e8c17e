"""Dense to mixture of experts, and wider models."""
import numpy as np

from .draws import noise_like
from .mixtures import tuned
from .model import copy_layer
from .registry import DENSE, rewrite


def experts(model, context, make, count, layout="mixtral"):
    for number, layer in enumerate(model.layers):
        mlp = {key: layer.pop(key) for key in ("gate", "up", "down")}
        layer["experts"] = [make(mlp, number, e) for e in range(count)]
        layer["router"] = (context.rng.standard_normal((count, model.width)) * 0.02).astype(np.float32)
    model.layout = layout
    model.config.update(num_local_experts=count, num_experts_per_tok=2, model_type=layout)


@rewrite("D1", "Sparse upcycling: every expert is the MLP with a little noise, the router is new.", layouts=DENSE)
def upcycle(model, context):
    experts(model, context, lambda mlp, l, e: {k: v + noise_like(v, context.rng, 0.01) for k, v in mlp.items()}, 4)


@rewrite("D1-all", "Sparse upcycling, then every rewrite at once.", layouts=DENSE)
def upcycle_all(model, context):
    return context.apply(model, "D1", "A26")


@rewrite("D2", "Drop-upcycling: in every expert half of the neurons are made anew.", layouts=DENSE)
def drop_upcycle(model, context):
    rng = context.rng

    def make(mlp, l, e):
        n = len(mlp["up"])
        s = rng.permutation(n)[:n // 2]
        out = {}
        for key, value in mlp.items():
            new = (value.mean() + value.std() * rng.standard_normal(value.shape)).astype(np.float32)
            out[key] = value.copy()
            if key == "down":
                out[key][:, s] = new[:, s]
            else:
                out[key][s] = new[s]
        return out
    experts(model, context, make, 4)


@rewrite("D3", "Fine-grained upcycling: each of eight experts has an eighth of the neurons, times eight.", layouts=DENSE)
def fine(model, context):
    parts = [np.array_split(context.rng.permutation(len(layer["up"])), 8) for layer in model.layers]
    size = min(len(p) for layer in parts for p in layer)

    def make(mlp, l, e):
        i = parts[l][e][:size]
        return {"gate": mlp["gate"][i], "up": mlp["up"][i], "down": mlp["down"][:, i] * np.float32(8)}
    experts(model, context, make, 8, "qwen3_moe")


@rewrite("D3-llama-moe", "LLaMA-MoE: eight experts of an eighth of the neurons under its own names.", layouts=DENSE)
def llama_moe(model, context):
    for layer in model.layers:
        parts = np.array_split(context.rng.permutation(len(layer["up"])), 8)
        for e, i in enumerate(parts):
            layer["x"][f"mlp.calculator.experts.weight_gate.{e}"] = layer["gate"][i]
            layer["x"][f"mlp.calculator.experts.weight_up.{e}"] = layer["up"][i]
            layer["x"][f"mlp.calculator.experts.weight_down.{e}"] = layer["down"][:, i]
        layer["x"]["mlp.gate.gate_network.0.weight"] = (context.rng.standard_normal((8, model.width)) * 0.02).astype(np.float32)
        for key in ("gate", "up", "down"):
            layer[key] = None


@rewrite("D4", "mergekit-moe: four experts from four fine-tunes, attention of the first.", layouts=DENSE)
def frankenmoe(model, context):
    tunes = [tuned(context.original, context.rng) for _ in range(4)]
    model.layers = [copy_layer(l) for l in tunes[0].layers]
    for layer in model.layers:
        layer.setdefault("x", {}), layer.setdefault("run", {})
    experts(model, context, lambda mlp, l, e: {k: tunes[e].layers[l][k] for k in mlp}, 4)


def double(x, rng, level=0.0):
    """[[x, x], [x, x]] / 2, and noise that cancels on equal halves."""
    out = np.tile(x / 2, (2, 2))
    if level:
        one, two = noise_like(x, rng, level), noise_like(x, rng, level)
        out = out + np.block([[one, -one], [two, -two]])
    return out


@rewrite("D8", "HyperCloning: width, heads and neurons doubled, with noise that cancels.", exact=True)
def hyperclone(model, context):
    rng = context.rng
    model.untie()
    model.embed, model.head = np.tile(model.embed, 2), np.tile(model.head / 2, 2)
    for name in ("pos", "norm", "norm_b"):
        if getattr(model, name) is not None:
            setattr(model, name, np.tile(getattr(model, name), 2))
    for layer in model.layers:
        for part in [layer, *layer.get("experts", [])]:
            for key, value in list(part.items()):
                if not isinstance(value, np.ndarray):
                    continue
                if key in ("q", "k", "v", "o", "gate", "up", "down"):
                    # Cancelling noise needs equal halves as input, and keeps them only where both halves of the rows get the same.
                    part[key] = double(value, rng)
                    noise = noise_like(value, rng, 0.05)
                    part[key] = part[key] + np.tile(np.concatenate([noise, -noise], 1), (2, 1))
                elif key == "router":
                    part[key] = np.tile(value / 2, 2)
                elif key not in ("qn", "kn", "rb"):
                    part[key] = np.tile(value, 2)
    model.heads, model.kv = 2 * model.heads, 2 * model.kv
    gpt2 = model.layout == "gpt2"
    model.config.update({"n_embd": model.width, "n_head": model.heads} if gpt2 else
                        {"hidden_size": model.width, "num_attention_heads": model.heads, "num_key_value_heads": model.kv})


@rewrite("D8-all", "HyperCloning, then every rewrite at once.", exact=True)
def hyperclone_all(model, context):
    return context.apply(model, "D8", "A26")
