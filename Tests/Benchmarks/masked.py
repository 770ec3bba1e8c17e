"""Writes a structured Llama-shaped foundation and a candidate that is the same model behind every rewrite at once, layer by layer.

    python3 masked.py OUT [--layers 32] [--width 4096] [--neurons 14336] [--heads 32] [--groups 8] [--tokens 32000] [--noise 0] [--seed N]

OUT/foundation and OUT/masked, bf16, 14.5 GB each as a model of 7 billion parameters. Random numbers alone would have nothing to be
recognised by; these have what training leaves: row lengths that differ by a factor of several, most of the energy of some rows in few
directions of a layer, and gate, up and down of a neuron that know of each other. The rewrites: gains folded, the residual basis
rotated (a product of two block rotations with all channels mixed), neurons permuted with scales and signs traded, heads and key-value
groups permuted, v and o rotated inside heads, q and k scaled against each other. --noise adds noise of so much of each matrix's RMS.
"""
import argparse
import json
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

RANK, SIDE = 48, 64


def bf16(values):
    """Rounded to nearest even."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


class Writer:
    """A checkpoint of one file whose tensors are written in any order."""

    def __init__(self, folder, shapes, config):
        os.makedirs(folder, exist_ok=True)
        header, at = {"__metadata__": {"format": "pt"}}, 0
        for name, shape in sorted(shapes.items()):
            size = 2 * int(np.prod(shape))
            header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [at, at + size]}
            at += size
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        self.header, self.start = header, 8 + len(text)
        self.file = os.open(os.path.join(folder, "model.safetensors"), os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        os.posix_fallocate(self.file, 0, self.start + at)
        os.pwrite(self.file, len(text).to_bytes(8, "little") + text, 0)
        with open(os.path.join(folder, "config.json"), "w") as out:
            json.dump(config, out, indent=2)

    def write(self, name, values):
        entry = self.header[name]
        assert list(values.shape) == list(entry["shape"]), (name, values.shape, entry["shape"])
        data, at = memoryview(bf16(values)).cast("B"), self.start + entry["data_offsets"][0]
        while data:
            written = os.pwrite(self.file, data, at)
            data, at = data[written:], at + written


class Rotation:
    """x ↦ x·R for R = blocks · transposition of the channels' grid · blocks: orthogonal, and every channel in every other."""

    def __init__(self, width, random):
        self.grid = (width // SIDE, SIDE)
        self.order = random.permutation(width)

        def blocks(count, side):
            return np.linalg.qr(random.standard_normal((count, side, side)))[0].astype(np.float32)

        self.first, self.second = blocks(self.grid[0], SIDE), blocks(SIDE, self.grid[0])

    def __call__(self, x):
        x = x[:, self.order].reshape(-1, *self.grid)
        x = np.matmul(x.transpose(1, 0, 2), self.first)  # grid × rows × side
        x = np.matmul(x.transpose(2, 1, 0), self.second)  # side × rows × grid
        return np.ascontiguousarray(x.transpose(1, 0, 2)).reshape(x.shape[1], -1)


def generator(*key):
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(key)))


def rows(random, directions, weights, lengths, width):
    """Rows of the given lengths along weighted directions, and noise of unit length beside them."""
    noise = random.standard_normal((len(lengths), width), dtype=np.float32) / np.float32(width**0.5)
    return (noise + weights @ directions) * lengths[:, None]


def write_layer(number, options, rotation, foundation, masked):
    width, neurons, heads, groups = options.width, options.neurons, options.heads, options.groups
    size = width // heads
    random, mask = generator(options.seed, 1, number), generator(options.seed, 2, number)
    at = f"model.layers.{number}."

    def keep(name, original, rewritten):
        foundation.write(at + name, original)
        if options.noise:
            rms = float(np.sqrt(np.mean(rewritten[:64] ** 2)))
            rewritten = rewritten + mask.standard_normal(rewritten.shape, dtype=np.float32) * np.float32(options.noise * rms)
        masked.write(at + name, rewritten)

    def gains(name):
        gain = np.exp(0.3 * random.standard_normal(width)).astype(np.float32)
        # What is stored is what the masked model has folded.
        gain = (bf16(gain).astype(np.uint32) << 16).view(np.float32)
        foundation.write(at + name, gain)
        masked.write(at + name, np.ones(width, np.float32))
        return gain

    # MLP: up knows of gate, and down of both.
    directions = [random.standard_normal((RANK, width), dtype=np.float32) / np.float32(width**0.5) for _ in range(3)]
    weights = [random.standard_normal((neurons, RANK), dtype=np.float32) ** 3 * np.float32(0.1) for _ in range(3)]
    shared = np.exp(0.4 * random.standard_normal(neurons)).astype(np.float32)
    own = [shared * np.exp(0.2 * random.standard_normal(neurons)).astype(np.float32) for _ in range(3)]
    gain = gains("post_attention_layernorm.weight")
    order = mask.permutation(neurons)
    scale = (np.exp(mask.uniform(-1, 1, neurons)) * mask.choice([-1, 1], neurons)).astype(np.float32)[:, None]
    gate = rows(random, directions[0], weights[0], own[0], width)
    keep("mlp.gate_proj.weight", gate, rotation((gate * gain)[order]))
    up = rows(random, directions[1], weights[1] + weights[0] / 2, own[1], width) + gate * random.normal(0, 0.3, (neurons, 1)).astype(np.float32)
    keep("mlp.up_proj.weight", up, rotation((up * gain * scale)[order]))
    down = rows(random, directions[2], weights[2] + weights[0] / 2, own[2], width) + up * random.normal(0, 0.3, (neurons, 1)).astype(np.float32)
    keep("mlp.down_proj.weight", np.ascontiguousarray(down.T), np.ascontiguousarray(rotation((down / scale)[order]).T))
    del gate, up, down

    # Attention: groups permuted, heads permuted in their groups; v and o turned inside; q and k scaled.
    gain = gains("input_layernorm.weight")
    each = heads // groups
    group_order = mask.permutation(groups)
    head_order = np.concatenate([group * each + mask.permutation(each) for group in group_order])
    turns = np.linalg.qr(mask.standard_normal((groups, size, size)))[0].astype(np.float32)
    scales = np.exp(mask.uniform(-0.5, 0.5, groups)).astype(np.float32)

    def matrix(count):
        weights = random.standard_normal((count * size, RANK), dtype=np.float32) ** 3 * np.float32(0.1)
        lengths = np.exp(0.3 * random.standard_normal(count * size)).astype(np.float32)
        return rows(random, random.standard_normal((RANK, width), dtype=np.float32) / np.float32(width**0.5), weights, lengths, width)

    def by_head(x, factor, order):
        return (x.reshape(-1, size, width) * factor[:, None, None])[order].reshape(-1, width)

    q, k, v, o = matrix(heads), matrix(groups), matrix(groups), matrix(heads)
    keep("self_attn.q_proj.weight", q, rotation(by_head(q * gain, np.repeat(scales, each), head_order)))
    keep("self_attn.k_proj.weight", k, rotation(by_head(k * gain, 1 / scales, group_order)))
    turned = np.matmul(turns, (v * gain).reshape(groups, size, width))[group_order].reshape(-1, width)
    keep("self_attn.v_proj.weight", v, rotation(turned))
    turned = np.matmul(np.repeat(turns, each, 0), o.reshape(heads, size, width))[head_order].reshape(-1, width)
    keep("self_attn.o_proj.weight", np.ascontiguousarray(o.T), np.ascontiguousarray(rotation(turned).T))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out")
    for name, value in {"layers": 32, "width": 4096, "neurons": 14336, "heads": 32, "groups": 8, "tokens": 32000, "seed": 1, "threads": 2}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--noise", type=float, default=0.0)
    options = parser.parse_args()
    width, narrow = options.width, options.width // options.heads * options.groups
    shapes = {"model.embed_tokens.weight": [options.tokens, width], "lm_head.weight": [options.tokens, width], "model.norm.weight": [width]}
    for layer in range(options.layers):
        for name, shape in {
            "self_attn.q_proj": [width, width], "self_attn.k_proj": [narrow, width], "self_attn.v_proj": [narrow, width],
            "self_attn.o_proj": [width, width], "mlp.gate_proj": [options.neurons, width], "mlp.up_proj": [options.neurons, width],
            "mlp.down_proj": [width, options.neurons], "input_layernorm": [width], "post_attention_layernorm": [width],
        }.items():
            shapes[f"model.layers.{layer}.{name}.weight"] = shape
    config = {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "dtype": "bfloat16", "hidden_size": width,
        "intermediate_size": options.neurons, "num_hidden_layers": options.layers, "num_attention_heads": options.heads,
        "num_key_value_heads": options.groups, "vocab_size": options.tokens, "tie_word_embeddings": False, "rms_norm_eps": 1e-5,
        "hidden_act": "silu",
    }
    foundation, masked = (Writer(os.path.join(options.out, name), shapes, config) for name in ("foundation", "masked"))
    rotation = Rotation(width, generator(options.seed, 3))
    random = generator(options.seed, 4)
    table = rows(random, random.standard_normal((RANK, width), dtype=np.float32) / np.float32(width**0.5),
                 random.standard_normal((options.tokens, RANK), dtype=np.float32) * np.float32(0.3), np.ones(options.tokens, np.float32), width)
    foundation.write("model.embed_tokens.weight", table)
    # New embeddings: the tokens shall not help.
    masked.write("model.embed_tokens.weight", generator(options.seed, 5).standard_normal(table.shape, dtype=np.float32) / np.float32(width**0.5))
    head = rows(random, random.standard_normal((RANK, width), dtype=np.float32) / np.float32(width**0.5),
                random.standard_normal((options.tokens, RANK), dtype=np.float32) * np.float32(0.3), np.ones(options.tokens, np.float32), width)
    foundation.write("lm_head.weight", head)
    masked.write("lm_head.weight", rotation(head))
    for writer in (foundation, masked):
        writer.write("model.norm.weight", np.ones(width, np.float32))
    del table, head
    with ThreadPoolExecutor(options.threads) as pool:
        for job in [pool.submit(write_layer, n, options, rotation, foundation, masked) for n in range(options.layers)]:
            job.result()
    for writer in (foundation, masked):
        os.close(writer.file)


if __name__ == "__main__":
    main()
