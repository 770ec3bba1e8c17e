"""Attention turned into another mixer."""
import numpy as np

from .attention import flat, heads
from .draws import low_rank, near, normal
from .registry import GATED, PARTLY, rewrite


@rewrite("B14", "Attention turned into a linear one (RADLADS, QRWKV): q, k, v, o under RWKV names after some training, new LoRAs.",
         expected=PARTLY, layouts=GATED)
def linear(model, context):
    rng, d = context.rng, model.width
    for layer in model.layers:
        n = len(layer["q"])
        group = len(layer["q"]) // len(layer["k"])
        k, v = (flat(np.repeat(heads(layer[key], model.size), group, 0)) for key in "kv")
        layer["x"].update({
            "self_attn.receptance.weight": near(layer["q"], rng), "self_attn.key.weight": near(k, rng), "self_attn.value.weight": near(v, rng),
            "self_attn.output.weight": near(layer["o"], rng), "self_attn.gate.weight": normal(rng, n, d),
            "self_attn.time_maa_x": normal(rng, 1, 1, d), "self_attn.time_maa_w1": normal(rng, d, 160),
            "self_attn.time_maa_w2": normal(rng, 5, 32, d), "self_attn.time_decay": normal(rng, 1, 1, n),
            "self_attn.time_decay_w1": normal(rng, d, 64), "self_attn.time_decay_w2": normal(rng, 64, n)})
        for key in ("q", "k", "v", "o", "qn", "kn"):
            layer[key] = None


@rewrite("B15", "Mamba in the Llama: v, k, q, o become x, B, C and out_proj of a Mamba block; A_log, D, dt and conv are new.", expected=PARTLY,
         layouts=GATED)
def mamba(model, context):
    rng, d = context.rng, model.width
    for layer in model.layers:
        n = len(layer["q"])
        x = flat(np.repeat(heads(layer["v"], model.size), n // len(layer["v"]), 0))
        count = n // model.size
        layer["x"].update({
            "mamba.in_proj.weight": np.concatenate([normal(rng, n, d), x, layer["k"], layer["q"], normal(rng, count, d)]),
            "mamba.out_proj.weight": layer["o"], "mamba.conv1d.weight": normal(rng, n, 1, 4, sd=0.2), "mamba.D": np.ones(count, np.float32),
            "mamba.A_log": np.log(np.arange(1, count + 1, dtype=np.float32)), "mamba.dt_bias": normal(rng, count, sd=1)})
        for key in ("q", "k", "v", "o", "qn", "kn"):
            layer[key] = None


@rewrite("B16", "LoLCATs: low-rank updates merged into q, k, v, o; learned feature maps and window factors beside them.", layouts=GATED)
def lolcats(model, context):
    rng = context.rng
    for layer in model.layers:
        count = len(layer["q"]) // model.size
        for key in "qkvo":
            layer[key] = layer[key] + low_rank(layer[key], rng, 8, 0.1)
        for name in ("feature_map_q", "feature_map_k"):
            layer["x"][f"self_attn.{name}.mlp.layer"] = normal(rng, count, model.size, model.size // 2)
        layer["x"]["self_attn.window_factors"] = np.full((1, count, 1, 1), -2.19, np.float32)
