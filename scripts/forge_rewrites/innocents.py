"""Strangers that look alike: what must not be called kin."""
import numpy as np

from . import towers
from .model import copy_layer, matrices
from .registry import GATED, STRANGERS, UNTOLD, hadamard, mixing, rewrite
from .strangers import stranger, turned


@rewrite("G5", "The donor as it is: another random start, by training where a donor is given.", expected=STRANGERS, innocent=True)
def donor(model, context):
    return context.donor()


@rewrite("G6", "A stranger with the foundation's own singular values and gains: only the directions are new.", expected=STRANGERS, innocent=True)
def same_spectra(model, context):
    return stranger(model, context.rng)


@rewrite("G6-gains", "The donor with the foundation's norm gains and the foundation's standard deviation in every matrix.", expected=STRANGERS,
         innocent=True)
def same_gains(model, context):
    other = context.donor()
    for new, old in zip(other.layers, model.layers):
        for key in ("a", "ab", "m", "mb", "qn", "kn"):
            new[key] = old.get(key)
        for (part, key), (source, name) in zip(matrices(new), matrices(old)):
            part[key] = part[key] * np.float32(source[name].std() / part[key].std())
    other.norm = model.norm
    return other


def shared_tower(model, context, ratio):
    """Two strangers under one frozen tower: the foundation and the donor, with projectors of their own."""
    rng = context.rng
    parts, d = towers.tower(rng, model.parameters() * ratio)
    other = context.donor()
    towers.attach(other, parts, d, rng)
    context.foundation = model.copy()
    towers.attach(context.foundation, parts, d, rng)
    return other


TOWER = ("independent",)


@rewrite("G1-tenth", "Two strangers under one frozen vision tower, a tenth as large as the language model.", expected=TOWER, innocent=True)
def tower_tenth(model, context):
    return shared_tower(model, context, 0.1)


@rewrite("G1-half", "Two strangers under one frozen vision tower, half as large as the language model.", expected=TOWER, innocent=True)
def tower_half(model, context):
    return shared_tower(model, context, 0.5)


@rewrite("G1-five", "Two strangers under one frozen vision tower, five times as large as the language model.", expected=TOWER, innocent=True)
def tower_five(model, context):
    return shared_tower(model, context, 5)


def both(model, context, add):
    """The donor and the foundation, each with what add(model) puts into it."""
    context.foundation, other = model.copy(), context.donor()
    add(context.foundation)
    add(other)
    return other


@rewrite("G2", "Two strangers with the same start values that nobody draws: A_log = log(1..16), D = 1, grids of dt_bias, layer scales, decay ramps.",
         expected=UNTOLD, innocent=True)
def start_values(model, context):
    def add(m):
        d = m.width
        for layer in m.layers:
            layer["x"].update({
                "mamba.A_log": np.log(np.tile(np.arange(1, 17, dtype=np.float32), (2 * d, 1))), "mamba.D": np.ones(2 * d, np.float32),
                "mamba.dt_proj.bias": np.linspace(-6, -2, 2 * d, dtype=np.float32), "layer_scale_1.gamma": np.full(d, 1e-5, np.float32),
                "time_decay": (-6 + 5 * (np.arange(d) / (d - 1)) ** 1.3).astype(np.float32).reshape(1, 1, d)})
    return both(model, context, add)


def mamba_stranger(model, rng):
    """A pure Mamba model: drawn matrices, A_log and D as they start."""
    d = model.width
    wide = 2 * d
    normal = lambda *shape: (rng.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32)
    out = {"backbone.embeddings.weight": normal(len(model.embed), d), "backbone.norm_f.weight": np.ones(d, np.float32)}
    for number in range(len(model.layers)):
        p = f"backbone.layers.{number}."
        out.update({p + "norm.weight": np.ones(d, np.float32), p + "mixer.in_proj.weight": normal(2 * wide, d),
                    p + "mixer.conv1d.weight": normal(wide, 1, 4), p + "mixer.conv1d.bias": normal(wide),
                    p + "mixer.x_proj.weight": normal(d // 16 + 32, wide),
                    p + "mixer.dt_proj.weight": normal(wide, d // 16), p + "mixer.dt_proj.bias": np.linspace(-6, -2, wide, dtype=np.float32),
                    p + "mixer.A_log": np.log(np.tile(np.arange(1, 17, dtype=np.float32), (wide, 1))), p + "mixer.D": np.ones(wide, np.float32),
                    p + "mixer.out_proj.weight": normal(d, wide)})
    return out


@rewrite("G2-mamba", "Two pure Mamba models from two random starts: A_log, D and dt_bias are equal, all else is drawn.", expected=STRANGERS,
         innocent=True)
def mambas(model, context):
    context.foundation, other = model.copy(), model.copy()
    for m, seed in ((context.foundation, 1), (other, 2)):
        tensors = mamba_stranger(model, np.random.default_rng([context.seed, seed]))
        m.store.append(lambda _, tensors=tensors: tensors)
        m.config = {"architectures": ["MambaForCausalLM"], "model_type": "mamba"}
    return other


@rewrite("G2-identity", "Two strangers whose queries, keys, values and outputs are the identity and a little noise.", expected=UNTOLD, innocent=True)
def identities(model, context):
    def add(m):
        rng = np.random.default_rng([context.seed, id(m) == id(context.foundation)])
        for layer in m.layers:
            for key in "qkvo":
                w = layer[key]
                layer[key] = (np.eye(*w.shape) + 0.02 * rng.standard_normal(w.shape)).astype(np.float32)
    return both(model, context, add)


@rewrite("G3", "Two strangers with the same fixed tables: sinusoidal positions, rotary frequencies, ALiBi slopes, mel filters, Hadamard matrices.",
         expected=STRANGERS, innocent=True)
def tables(model, context):
    d = model.width
    half = d // 2
    angle = np.arange(1500)[:, None] * np.exp(-np.log(1e4) * np.arange(half) / (half - 1))
    sine = np.concatenate([np.sin(angle), np.cos(angle)], 1).astype(np.float32)
    turn = hadamard(d, np.random.default_rng(0))
    mel = np.maximum(0, 1 - np.abs(np.linspace(0, 80, 201)[None] - np.arange(80)[:, None])).astype(np.float32)
    shared = {"model.encoder.embed_positions.weight": sine, "model.decoder.embed_positions.weight": sine[:512], "model.mel_filters": mel,
              "model.alibi_slopes": (2.0 ** -np.arange(1, 9)).astype(np.float32)}

    def add(m):
        m.extra.update(shared)
        for layer in m.layers:
            layer["x"].update({"self_attn.rotary_emb.inv_freq": (1e4 ** (-np.arange(32) / 32)).astype(np.float32),
                               "self_attn.qkv_rotation": turn, "mlp.down_rotation": turn})
    return both(model, context, add)


@rewrite("G4", "A stranger's body under the foundation's token table and head.", expected=UNTOLD, innocent=True)
def grafted_tokens(model, context):
    other = context.donor()
    other.embed, other.head, other.pos = model.embed, model.head, model.pos
    return other


@rewrite("G7-zero", "Two strangers after a weight decay to almost nothing, half of the rows zero.", expected=UNTOLD, innocent=True)
def decayed(model, context):
    def add(m):
        for layer in m.layers:
            for part, key in matrices(layer):
                w = part[key] * np.float32(1e-6)
                w[len(w) // 2:] = 0
                part[key] = w
    return both(model, context, add)


@rewrite("G7-constant", "Two strangers, half of whose rows are one constant.", expected=UNTOLD, innocent=True)
def constant(model, context):
    def add(m):
        for layer in m.layers:
            for part, key in matrices(layer):
                w = part[key].copy()
                w[::2] = np.abs(w).mean()
                part[key] = w
    return both(model, context, add)


@rewrite("G7-orthogonal", "Two models with orthogonal starts, nothing trained.", expected=STRANGERS, innocent=True)
def orthogonal_starts(model, context):
    def add(m):
        rng = np.random.default_rng([context.seed, 3, m is context.foundation])
        for part, key in [(vars(m), "embed")] + [pair for layer in m.layers for pair in matrices(layer)]:
            w = part[key]
            new = np.zeros_like(w)
            np.fill_diagonal(new, 1)
            part[key] = turned(new, rng) * np.float32(np.linalg.norm(w) / np.sqrt(min(w.shape)))
        if m.head is not None:
            m.head = mixing(m.embed, rng, 1).astype(np.float32)
    return both(model, context, add)


def started(model, context, start):
    """Two strangers whose matrices are start(shape) and normal numbers of a fifth of its norm: trained from a start that nobody draws."""
    def add(m):
        rng = np.random.default_rng([context.seed, 4, m is context.foundation])
        for layer in m.layers:
            for part, key in matrices(layer):
                w = part[key]
                new = start(w.shape)
                noise = rng.standard_normal(w.shape)
                new = new / np.linalg.norm(new) + 0.2 * noise / np.linalg.norm(noise)
                part[key] = (new * np.linalg.norm(w)).astype(np.float32)
    return both(model, context, add)


@rewrite("G7-diagonal", "Two strangers from one start by formula: every matrix an identity, repeated where it is not square (IDInit).",
         expected=UNTOLD, innocent=True)
def diagonals(model, context):
    def start(shape):
        rows, columns = np.indices(shape)
        return (rows % min(shape) == columns % min(shape)).astype(np.float32)
    return started(model, context, start)


@rewrite("G7-hadamard", "Two strangers from one start by formula: every matrix a part of a Hadamard matrix (ZerO).", expected=UNTOLD,
         innocent=True)
def signs(model, context):
    def start(shape):
        bits = np.bitwise_and(*np.indices(shape))
        parity = np.zeros(shape, int)
        while bits.any():
            parity ^= bits & 1
            bits = bits >> 1
        return 1 - 2 * parity.astype(np.float32)
    return started(model, context, start)


@rewrite("G8-loras", "Two LoRAs on one base, merged: siblings, which are kin.", expected=("derived",))
def siblings(model, context):
    from .mixtures import tuned
    context.foundation = tuned(model, context.rng)
    return tuned(model, context.rng)


@rewrite("G8-rounded", "Two roundings of one base, to 8 and to 4 bits: siblings, which are kin.", expected=("derived",))
def roundings(model, context):
    context.foundation = context.apply(model.copy(), "C8-int8")
    return context.apply(model, "C8-int4")


@rewrite("G9", "A stranger with the foundation's last layer as its draft head.", expected=("independent", "partial", "insufficient"), innocent=True,
         part="draft head")
def shared_draft(model, context):
    other = context.donor()
    prefix = "transformer.h." if model.layout == "gpt2" else "model.layers."
    last = f"{prefix}{len(model.layers) - 1}."
    source = model.tensors()
    for name, values in source.items():
        if name.startswith(last):
            other.extra["model.mtp.layers.0." + name[len(last):]] = values
    return other


@rewrite("G10", "Two strangers with the same empty layers: every matrix zero.", expected=STRANGERS, innocent=True)
def empty_layers(model, context):
    def add(m):
        for _ in range(len(m.layers)):
            layer = copy_layer(m.layers[0])
            for part, key in matrices(layer):
                part[key] = np.zeros_like(part[key])
            for part in [layer, *layer.get("experts", [])]:
                for key, value in part.items():
                    if isinstance(value, np.ndarray) and value.ndim == 1:
                        part[key] = np.ones_like(value) if key in ("a", "m", "qn", "kn") else np.zeros_like(value)
            m.layers.append(layer)
    return both(model, context, add)


@rewrite("G5-masked", "The donor, every rewrite at once.", expected=STRANGERS, innocent=True)
def donor_masked(model, context):
    return context.apply(context.donor(), "A26")


@rewrite("G5-split", "The donor, its up rows split, every rewrite at once, and R4.", expected=STRANGERS, innocent=True, layouts=GATED)
def donor_split(model, context):
    return context.apply(context.donor(), "B7-all")


@rewrite("G5-half", "The donor with a residual basis of its own after every half block.", expected=STRANGERS, innocent=True)
def donor_bases(model, context):
    return context.apply(context.donor(), "B8-half")


@rewrite("G6-untrained", "A random start of the same shapes and standard deviations, not trained, under the foundation's gains.", expected=STRANGERS,
         innocent=True)
def untrained(model, context):
    from .mixtures import slots
    for part, key in slots(model):
        part[key] = (context.rng.standard_normal(part[key].shape) * part[key].std()).astype(np.float32)
