"""The same numbers under other names, in other pieces, in another order of tokens, or among others."""
import re

import numpy as np

from .files import Raw, bfloat16
from .registry import GATED, KIN, rewrite

# Names that lie, or shapes that are gone: unmask may say that it cannot tell.
UNSURE = (*KIN, "insufficient")


@rewrite("A17-untied", "A tied output head stored as a tensor of its own.", expected=KIN, exact=True, needs=lambda m: m.head is None)
def untie(model, context):
    model.untie()


@rewrite("A17-padded", "The vocabulary padded to a multiple of 128 with mean rows, at least 64 of them.", expected=KIN, exact=True)
def pad(model, context):
    count = -(-(len(model.embed) + 64) // 128) * 128 - len(model.embed)
    for name in ("embed", "head"):
        table = getattr(model, name)
        if table is not None:
            setattr(model, name, np.concatenate([table, np.repeat(table.mean(0, keepdims=True), count, 0)]))
    model.config["vocab_size"] = len(model.embed)


@rewrite("A17-order", "The tokens in another order, the tokenizer with them.", exact=True)
def order(model, context):
    i = context.rng.permutation(len(model.embed))
    model.tokens = np.argsort(i)
    model.embed = model.embed[i]
    if model.head is not None:
        model.head = model.head[i]


@rewrite("A17-order-R1", "The tokens in another order, then the residual basis rotated.", exact=True)
def order_rotated(model, context):
    return context.apply(model, "A17-order", "A9")


def renamed(change):
    """A step of writing: every name through `change`."""
    def apply(tensors):
        out = {change(name): values for name, values in tensors.items()}
        assert len(out) == len(tensors)
        return out
    return apply


def swapped(one, two):
    return renamed(lambda n: n.replace(one, "\0").replace(two, one).replace("\0", two))


@rewrite("A22-gate-up", "The names of gate and up swapped.", expected=UNSURE, layouts=("llama", "qwen3"), exact=True)
def swap_gate(model, context):
    model.store.append(swapped("gate_proj", "up_proj"))


@rewrite("A22-k-v", "The names of keys and values swapped.", expected=UNSURE, layouts=GATED, exact=True)
def swap_keys(model, context):
    model.store.append(swapped("k_proj", "v_proj"))


@rewrite("A22-layers", "The numbers of the layers shuffled.", expected=UNSURE, exact=True)
def shuffle(model, context):
    i = context.rng.permutation(len(model.layers))
    model.store.append(renamed(lambda n: re.sub(r"(layers|h)\.(\d+)\.", lambda m: f"{m[1]}.{i[int(m[2])]}.", n, count=1)))


@rewrite("A22-names", "Every tensor under names of another style, with a wrapper's prefix.", expected=UNSURE, exact=True)
def other_names(model, context):
    words = {"input_layernorm": "ln1", "post_attention_layernorm": "ln2", "self_attn": "mixer", "mlp": "ffn", "model.layers": "core.blocks",
             "embed_tokens": "tok", "lm_head": "output", "q_proj": "wq", "k_proj": "wk", "v_proj": "wv", "o_proj": "wo", "gate_proj": "w1",
             "up_proj": "w3", "down_proj": "w2", "transformer.h": "core.blocks", "c_attn": "in", "c_proj": "out", "c_fc": "expand"}

    def change(name):
        for old, new in words.items():
            name = name.replace(old, new)
        return name
    model.store.append(renamed(change))


@rewrite("A22-meaningless", "Every tensor under a name without meaning, in random order.", expected=UNSURE, exact=True)
def no_names(model, context):
    def apply(tensors):
        i = context.rng.permutation(len(tensors))
        return {f"t{i[n]:05}": values for n, values in enumerate(tensors.values())}
    model.store.append(apply)


@rewrite("A22-vision", "The language model under the names of a vision tower.", expected=UNSURE, exact=True)
def as_vision(model, context):
    model.store.append(renamed(lambda n: "vision_tower.vision_model.encoder." + n.replace("model.", "", 1).replace("transformer.", "", 1)))


def filler(rng, shape):
    return (rng.standard_normal(shape) * 0.02).astype(np.float32)


@rewrite("A23-tensors", "Five times as many random numbers again, under plausible names of adapters.", exact=False)
def dilute(model, context):
    d = model.width
    for number in range(int(5 * model.parameters() / (d * 4 * d))):
        model.extra[f"model.memory.{number}.weight"] = filler(context.rng, (4 * d, d))


@rewrite("A23-layers", "Twice as many layers again, of a stranger, whose output and down are zero.", exact=True)
def dilute_layers(model, context):
    from .strangers import stranger
    for _ in range(2):
        for layer in stranger(context.original, context.rng).layers:
            layer.setdefault("x", {}), layer.setdefault("run", {})
            silence(layer)
            model.layers.append(layer)
    count(model)


def silence(layer):
    """What the layer writes becomes zero."""
    layer["o"] = np.zeros_like(layer["o"])
    for part in [layer, *layer.get("experts", [])]:
        for key in ("down", "downb", "ob"):
            if part.get(key) is not None:
                part[key] = np.zeros_like(part[key])


def count(model):
    model.config["n_layer" if model.layout == "gpt2" else "num_hidden_layers"] = len(model.layers)


@rewrite("A24-transposed", "Every matrix stored transposed.", expected=KIN, exact=True)
def transpose(model, context):
    model.store.append(lambda tensors: {n: v.T if not isinstance(v, Raw) and v.ndim == 2 else v for n, v in tensors.items()})


def by_layer(tensors):
    """The tensors of layers by name without number, and the others."""
    groups, rest = {}, {}
    for name, values in tensors.items():
        match = re.match(r"(.*?(?:layers|h)\.)(\d+)\.(.*)", name)
        if match:
            groups.setdefault(match[1] + match[3], {})[int(match[2])] = values
        else:
            rest[name] = values
    return {name: [parts[i] for i in sorted(parts)] for name, parts in groups.items()}, rest


@rewrite("A24-rows", "The matrices of all layers below each other, one matrix per kind.", expected=KIN, exact=True)
def rows(model, context):
    def apply(tensors):
        groups, rest = by_layer(tensors)
        return {**rest, **{name: np.concatenate(parts) for name, parts in groups.items()}}
    model.store.append(apply)


@rewrite("A24-stacked", "The matrices of all layers in one tensor per kind, [layer, out, in].", expected=KIN, exact=True)
def stack(model, context):
    def apply(tensors):
        groups, rest = by_layer(tensors)
        return {**rest, **{name: np.stack(parts) for name, parts in groups.items()}}
    model.store.append(apply)


@rewrite("A24-fused", "q, k and v in one matrix, gate and up in another (Phi-3's layout).", expected=KIN, layouts=("llama",), exact=True)
def fuse(model, context):
    def apply(tensors):
        out = {}
        for name, values in tensors.items():
            if any(part in name for part in ("k_proj", "v_proj", "up_proj")):
                continue
            join = lambda *parts: np.concatenate([tensors[name.replace(parts[0], p)] for p in parts])
            if "q_proj" in name:
                out[name.replace("q_proj", "qkv_proj")] = join("q_proj", "k_proj", "v_proj")
            elif "gate_proj" in name:
                out[name.replace("gate_proj", "gate_up_proj")] = join("gate_proj", "up_proj")
            else:
                out[name] = values
        return out
    model.store.append(apply)


@rewrite("A24-ranks", "Two tensor-parallel halves (Megatron): rows of q, k, v, gate, up and tables, columns of o and down, split.",
         expected=KIN, layouts=GATED, exact=True)
def ranks(model, context):
    def apply(tensors):
        out = {}
        for name, values in tensors.items():
            if values.ndim < 2 or "router" in name or name.endswith("moe.gate.weight"):
                out["rank_0." + name] = values
                continue
            axis = 1 if re.search(r"o_proj|down_proj|\.w2\.", name) else 0
            for rank, part in enumerate(np.array_split(values, 2, axis)):
                out[f"rank_{rank}.{name}"] = part
        return out
    model.store.append(apply)


@rewrite("A24-bytes", "Every tensor as a row of bytes (BF16), without a shape.", expected=UNSURE)
def blobs(model, context):
    model.store.append(lambda tensors: {n: Raw("U8", bfloat16(v).reshape(-1).view(np.uint8)) for n, v in tensors.items()})
