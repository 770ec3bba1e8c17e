"""From the names of a published layout to the form of model.py, and back."""
import re

import numpy as np

from . import files

LLAMA = {
    "a": "input_layernorm.weight", "m": "post_attention_layernorm.weight",
    "q": "self_attn.q_proj.weight", "k": "self_attn.k_proj.weight", "v": "self_attn.v_proj.weight", "o": "self_attn.o_proj.weight",
    "qb": "self_attn.q_proj.bias", "kb": "self_attn.k_proj.bias", "vb": "self_attn.v_proj.bias", "ob": "self_attn.o_proj.bias",
    "qn": "self_attn.q_norm.weight", "kn": "self_attn.k_norm.weight",
    "gate": "mlp.gate_proj.weight", "up": "mlp.up_proj.weight", "down": "mlp.down_proj.weight",
    "gateb": "mlp.gate_proj.bias", "upb": "mlp.up_proj.bias", "downb": "mlp.down_proj.bias",
}
GPT2 = {
    "a": "ln_1.weight", "ab": "ln_1.bias", "m": "ln_2.weight", "mb": "ln_2.bias", "o": "attn.c_proj.weight", "ob": "attn.c_proj.bias",
    "up": "mlp.c_fc.weight", "upb": "mlp.c_fc.bias", "down": "mlp.c_proj.weight", "downb": "mlp.c_proj.bias",
}
MIXTURES = {
    "mixtral": ("block_sparse_moe.gate", "block_sparse_moe.experts.{}.", {"gate": "w1.weight", "up": "w3.weight", "down": "w2.weight"}),
    "qwen3_moe": ("mlp.gate", "mlp.experts.{}.", {"gate": "gate_proj.weight", "up": "up_proj.weight", "down": "down_proj.weight"}),
}
TRANSPOSED = {"o", "up", "down"}


def load(folder):
    """The model of a folder, and the element type to write it with."""
    from .model import Model
    tensors, config, kind = files.read_folder(folder)
    model = Model()
    model.config = config
    gpt2 = any(n.endswith(".attn.c_attn.weight") for n in tensors)
    if gpt2:
        read_gpt2(model, tensors)
    else:
        read_llama(model, tensors)
    if model.embed is None or not model.layers:
        raise SystemExit(f"{folder}: neither a Llama-like nor a GPT-2-like layout")
    width = model.embed.shape[1]
    model.heads = config.get("num_attention_heads") or config.get("n_head")
    model.kv = config.get("num_key_value_heads") or model.heads
    model.size = model.layers[0]["q"].shape[0] // model.heads
    model.eps = config.get("rms_norm_eps") or config.get("layer_norm_epsilon") or 1e-6
    model.theta = (config.get("rope_parameters") or {}).get("rope_theta") or config.get("rope_theta") or 1e4
    model.top = config.get("num_experts_per_tok") or 2
    assert model.layers[0]["k"].shape == (model.kv * model.size, width)
    return model, {"F32": "f32", "F16": "f16"}.get(kind, "bf16")


def read_gpt2(model, tensors):
    model.layout, model.layer_norm, model.rotary, model.activation = "gpt2", True, False, "gelu"
    prefix = "transformer." if any(n.startswith("transformer.") for n in tensors) else ""
    known = {prefix + "wte.weight": "embed", prefix + "wpe.weight": "pos", prefix + "ln_f.weight": "norm", prefix + "ln_f.bias": "norm_b",
             "lm_head.weight": "head"}
    back = {v: k for k, v in GPT2.items()}
    layers = {}
    for name, values in tensors.items():
        match = re.fullmatch(re.escape(prefix) + r"h\.(\d+)\.(.*)", name)
        if name in known:
            setattr(model, known[name], values)
        elif match and match[2] in back:
            key = back[match[2]]
            layers.setdefault(int(match[1]), {})[key] = values.T if key in TRANSPOSED else values
        elif match and match[2].startswith("attn.c_attn."):
            parts = np.split(values, 3, axis=-1)
            end = "b" if values.ndim == 1 else ""
            layers.setdefault(int(match[1]), {}).update({k + end: p.T if not end else p for k, p in zip("qkv", parts)})
        elif match and match[2] in ("attn.bias", "attn.masked_bias"):
            continue
        else:
            model.extra[name] = values
    model.layers = [layers[i] for i in sorted(layers)]


def read_llama(model, tensors):
    known = {"model.embed_tokens.weight": "embed", "model.norm.weight": "norm", "lm_head.weight": "head"}
    back = {v: k for k, v in LLAMA.items()}
    layers = {}
    for name, values in tensors.items():
        match = re.fullmatch(r"model\.layers\.(\d+)\.(.*)", name)
        if name in known:
            setattr(model, known[name], values)
            continue
        if not match:
            model.extra[name] = values
            continue
        layer = layers.setdefault(int(match[1]), {})
        if match[2] in back:
            layer[back[match[2]]] = values
            continue
        for layout, (router, experts, keys) in MIXTURES.items():
            if match[2] == router + ".weight":
                layer["router"], model.layout = values, layout
                break
            if match[2] == router + ".e_score_correction_bias":
                layer["rb"] = values
                break
            expert = re.fullmatch(re.escape(experts).replace(r"\{\}", r"(\d+)") + "(.*)", match[2])
            if expert and expert[2] in keys.values():
                key = next(k for k, v in keys.items() if v == expert[2])
                layer.setdefault("experts", {}).setdefault(int(expert[1]), {})[key] = values
                break
        else:
            layer.setdefault("x", {})[match[2]] = values
    for layer in layers.values():
        if "experts" in layer:
            layer["experts"] = [layer["experts"][i] for i in sorted(layer["experts"])]
    model.layers = [layers[i] for i in sorted(layers)]


def flat(model):
    """All tensors by name, in the model's layout."""
    out = dict(model.extra)
    gpt2 = model.layout == "gpt2"
    top = ({"embed": "transformer.wte.weight", "pos": "transformer.wpe.weight", "norm": "transformer.ln_f.weight", "norm_b": "transformer.ln_f.bias"}
           if gpt2 else {"embed": "model.embed_tokens.weight", "pos": "model.embed_positions.weight", "norm": "model.norm.weight",
                         "norm_b": "model.norm.bias"})
    top["head"] = "lm_head.weight"
    for key, name in top.items():
        if getattr(model, key) is not None:
            out[name] = getattr(model, key)
    for number, layer in enumerate(model.layers):
        prefix = f"transformer.h.{number}." if gpt2 else f"model.layers.{number}."
        for suffix, values in layer.get("x", {}).items():
            out[prefix + suffix] = values
        for key, suffix in (GPT2 if gpt2 else LLAMA).items():
            if layer.get(key) is not None:
                out[prefix + suffix] = layer[key].T if gpt2 and key in TRANSPOSED else layer[key]
        if gpt2 and layer.get("q") is not None:
            out[prefix + "attn.c_attn.weight"] = np.concatenate([layer[k] for k in "qkv"]).T
            if layer.get("qb") is not None:
                out[prefix + "attn.c_attn.bias"] = np.concatenate([layer[k + "b"] for k in "qkv"])
        if "experts" in layer:
            router, experts, keys = MIXTURES[model.layout if model.layout in MIXTURES else "mixtral"]
            out[prefix + router + ".weight"] = layer["router"]
            if layer.get("rb") is not None:
                out[prefix + router + ".e_score_correction_bias"] = layer["rb"]
            if layer.get("routerb") is not None:
                out[prefix + router + ".bias"] = layer["routerb"]
            for e, expert in enumerate(layer["experts"]):
                for key, suffix in keys.items():
                    if expert.get(key) is not None:
                        out[prefix + experts.format(e) + suffix] = expert[key]
    return {model.prefix + name: values for name, values in out.items()} if model.prefix else out
