"""Models of real shapes that exist as a formula: every byte of their files is a function of its offset, and none is on disk.

    model(shape="70b", seed=1, noise=0.1)     → {file name: content}, files in shards as a hub has them

Values are drawn in blocks of BLOCK elements, each from a generator keyed by (seed, number of the tensor, block), so a range of bytes
costs only the blocks that it touches: about 100 million elements a second, half of it with noise. Needs numpy.
"""
import hashlib
import json
import os
import sys
import threading

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Benchmarks"))
from synthesise import ITEM, SHAPES, config, layout  # noqa: E402

BLOCK = 4096
# One whole matrix at a time: a server answers many requests at once.
WHOLE = threading.Lock()
SHARD = 5 * 1000 * 1000 * 1000


class Rotation:
    """Another basis of the residual stream: random signs, then Sylvester's Hadamard matrix, so that a row costs a fast transform. The
    width is a power of two."""

    def __init__(self, seed, width):
        generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, width])))
        self.signs = generator.choice(np.array([-1, 1], np.float32), width)

    def rows(self, values):
        """Rows in the new basis."""
        values = values * self.signs
        count, width = values.shape
        step = 1
        while step < width:
            parts = values.reshape(count, -1, 2, step)
            values = np.stack([parts[:, :, 0] + parts[:, :, 1], parts[:, :, 0] - parts[:, :, 1]], 2).reshape(count, width)
            step *= 2
        return values / np.float32(width**0.5)


class Tensor:
    """The elements of one tensor: sd 0.02, or a gain of 1 ± 0.1. Finetuned ones have noise of `noise` standard deviations."""

    # How a rotation changes it: "in" for what reads the residual stream, "out" for what writes it, "one" for gains that were folded.
    rotation, side, gain = None, None, None

    def __init__(self, number, shape, dtype, seed, noise, noise_seed, order=None):
        self.number, self.shape, self.dtype = number, shape, dtype
        self.seed, self.noise, self.noise_seed = seed, noise, noise_seed
        self.count = int(np.prod(shape, dtype=np.int64))
        self.size = self.count * ITEM[dtype]
        # The order of neurons, and the axis on which they lie.
        self.order, self.axis = order or (None, 0)

    def block(self, number):
        """A block of elements in f32, in the order of the model without permutation."""
        def drawn(*key):
            generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence([self.seed, self.number, number, *key])))
            return generator.standard_normal(min(BLOCK, self.count - number * BLOCK), dtype=np.float32)

        values = drawn()
        if self.noise:
            values += np.float32(self.noise) * drawn(self.noise_seed)
        return values * np.float32(0.1) + np.float32(1) if len(self.shape) == 1 else values * np.float32(0.02)

    def plain(self, first, last):
        """Elements first ..< last without permutation."""
        blocks = [self.block(number) for number in range(first // BLOCK, (last + BLOCK - 1) // BLOCK)]
        start = first // BLOCK * BLOCK
        return np.concatenate(blocks)[first - start : last - start] if blocks else np.empty(0, np.float32)

    def elements(self, first, last):
        if self.rotation is None:
            return self.ordered(first, last)
        if self.side == "one":
            return np.ones(last - first, np.float32)
        width = self.shape[1]
        low, high = first // width, (last + width - 1) // width
        if self.side == "in":
            rows = self.ordered(low * width, high * width).reshape(-1, width)
            found = self.rotation.rows(rows if self.gain is None else rows * self.gain.plain(0, width))
        else:
            # Some rows of the transform of the columns need all of them; one after the other, so that a row is the same in every request.
            factors = self.rotation.signs / np.float32(self.shape[0] ** 0.5)
            with WHOLE:
                whole = self.ordered(0, self.count).reshape(-1, width)
                found = np.stack([
                    np.array([1 - 2 * (bin(row & k).count("1") & 1) for k in range(self.shape[0])], np.float32) * factors @ whole
                    for row in range(low, high)])
        return found.ravel()[first - low * width : last - low * width]

    def ordered(self, first, last):
        """Elements first ..< last in the stored order of neurons."""
        if self.order is None:
            return self.plain(first, last)
        width = self.shape[1]
        rows = range(first // width, (last + width - 1) // width)
        if self.axis == 0:
            found = [self.plain(int(self.order[row]) * width, (int(self.order[row]) + 1) * width) for row in rows]
        else:
            found = [self.plain(row * width, (row + 1) * width)[self.order] for row in rows]
        start = first // width * width
        return np.concatenate(found)[first - start : last - start] if found else np.empty(0, np.float32)

    def bytes(self, first, last):
        """Bytes first ..< last of the tensor."""
        item = ITEM[self.dtype]
        low = first // item
        data = stored(self.elements(low, (last + item - 1) // item), self.dtype)
        return data[first - low * item : last - low * item]


def stored(values, dtype):
    """Values in a dtype, rounded to nearest even, as bytes."""
    if dtype == "F32":
        return values.tobytes()
    if dtype == "F16":
        return values.astype(np.float16).tobytes()
    bits = values.view(np.uint32)
    return ((bits + (((bits >> 16) & 1) + 0x7FFF)) >> 16).astype(np.uint16).tobytes()


class Shard:
    """A safetensors file: its header, then tensors."""

    def __init__(self, key, tensors):
        header, at = {"__metadata__": {"format": "pt"}}, 0
        for name, tensor in tensors.items():
            header[name] = {"dtype": tensor.dtype, "shape": list(tensor.shape), "data_offsets": [at, at + tensor.size]}
            at += tensor.size
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        self.header = len(text).to_bytes(8, "little") + text
        self.starts, self.tensors = [], list(tensors.values())
        at = len(self.header)
        for tensor in self.tensors:
            self.starts.append(at)
            at += tensor.size
        self.size, self.key = at, key

    def read(self, offset, count):
        end = min(offset + count, self.size)
        parts = [self.header[offset:end]]
        for start, tensor in zip(self.starts, self.tensors):
            low, high = max(offset, start), min(end, start + tensor.size)
            if low < high:
                parts.append(tensor.bytes(low - start, high - start))
        return b"".join(parts)

    def digest(self, kind, prefix=b""):
        """Of what the file is made of, since nobody hashes 140 GB: equal for equal files, different for different ones."""
        return hashlib.new(kind, prefix + self.header + repr(self.key).encode()).hexdigest()


READERS = {"q_proj": "input", "k_proj": "input", "v_proj": "input", "gate_proj": "post_attention", "up_proj": "post_attention"}


def rotate(tensors, rotation):
    """Gives every tensor another basis, gains folded into what reads them."""
    for name, tensor in tensors.items():
        part = name.split(".")[-2]
        tensor.rotation = rotation
        if len(tensor.shape) == 1:
            tensor.side = "one"
        elif part in ("o_proj", "down_proj"):
            tensor.side = "out"
        else:
            tensor.side = "in"
            if part in READERS:
                tensor.gain = tensors[f"{name.split('.self_attn.')[0].split('.mlp.')[0]}.{READERS[part]}_layernorm.weight"]
            elif part == "lm_head":
                tensor.gain = tensors["model.norm.weight"]


def model(
    shape="7b", seed=1, noise=0.0, noise_seed=1, dtype="BF16", layers=None, permuted=None, rotated=None, shard_bytes=SHARD,
):
    """A Llama of a shape. `permuted` is the seed of an order of each layer's neurons, `rotated` that of a basis of the residual stream;
    attention heads stay where they are."""
    from hub_content import MemoryContent

    shape = SHAPES[shape] if layers is None else (layers, *SHAPES[shape][1:])
    order = {}
    if permuted is not None:
        for layer in range(shape[0]):
            generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence([permuted, layer])))
            order[layer] = generator.permutation(shape[2])

    shards, filled, everything = [{}], 0, {}
    for number, (name, size) in enumerate(layout(shape).items()):
        axis = 1 if ".down_proj." in name else 0 if ".gate_proj." in name or ".up_proj." in name else None
        moved = (order[int(name.split(".")[2])], axis) if order and axis is not None else None
        tensor = Tensor(number, size, dtype, seed, noise, noise_seed, moved)
        everything[name] = tensor
        if filled and filled + tensor.size > shard_bytes:
            shards.append({})
            filled = 0
        shards[-1][name] = tensor
        filled += tensor.size
    if rotated is not None:
        rotate(everything, Rotation(rotated, shape[1]))
    files, index = {}, {}
    key = (seed, noise, noise_seed if noise else 0, permuted, rotated)
    for number, tensors in enumerate(shards, 1):
        file = "model.safetensors" if len(shards) == 1 else f"model-{number:05}-of-{len(shards):05}.safetensors"
        files[file] = Shard(key, tensors)
        index.update(dict.fromkeys(tensors, file))
    if len(shards) > 1:
        total = sum(tensor.size for tensors in shards for tensor in tensors.values())
        files["model.safetensors.index.json"] = MemoryContent(
            json.dumps({"metadata": {"total_size": total}, "weight_map": index}, indent=2).encode())
    files["config.json"] = MemoryContent(json.dumps(config(shape, dtype), indent=2).encode())
    return files
