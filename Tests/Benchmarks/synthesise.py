"""Writes Llama-shaped checkpoints of a given size with Gaussian weights, fast (about a second per 100 million parameters and core).

    python3 synthesise.py OUT --shape 1.1b --dtype BF16             OUT/model.safetensors, a foundation
    python3 synthesise.py OUT --noise 0.1                           the same foundation plus noise of 0.1 of each tensor's RMS
    python3 synthesise.py OUT --shape 100m --copies 8 --noise 0.1   OUT/model-0 … OUT/model-7, siblings with noise of their own
    python3 synthesise.py OUT --noise 0.1 --finetune                what a real finetune has as well: every gain trained by a few per cent and
                                                                    those of the quiet channels by half, 64 tokens more
    options: --seed N --noise-seed N --layers N --shards N --threads N

One channel in fifty is quiet in every model: its gains are 0.05 ± 0.005 of the others'.

Every tensor is a function of (seed, its number, noise seed) alone: the same bytes for any number of threads or shards, and the
candidate of a foundation is made without reading the foundation.
"""
import argparse
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

# layers, width, neurons, heads, key-value heads, tokens
SHAPES = {
    "100m": (8, 768, 2048, 12, 4, 32000),
    "1.1b": (22, 2048, 5632, 32, 4, 32000),
    "7b": (32, 4096, 11008, 32, 32, 32000),
    "70b": (80, 8192, 28672, 64, 8, 32000),
}
ITEM = {"BF16": 2, "F16": 2, "F32": 4}
TORCH = {"BF16": "bfloat16", "F16": "float16", "F32": "float32"}
QUIET = 50  # one channel in so many has gains near zero
BLOCK = 1 << 20  # elements drawn at a time: its buffers stay in the cache


def layout(shape):
    """Names and shapes of the tensors, in name order."""
    layers, width, neurons, heads, groups, tokens = shape
    narrow = width // heads * groups
    tensors = {"model.embed_tokens.weight": (tokens, width), "lm_head.weight": (tokens, width), "model.norm.weight": (width,)}
    for layer in range(layers):
        prefix = f"model.layers.{layer}."
        for name, size in {
            "self_attn.q_proj": (width, width),
            "self_attn.k_proj": (narrow, width),
            "self_attn.v_proj": (narrow, width),
            "self_attn.o_proj": (width, width),
            "mlp.gate_proj": (neurons, width),
            "mlp.up_proj": (neurons, width),
            "mlp.down_proj": (width, neurons),
            "input_layernorm": (width,),
            "post_attention_layernorm": (width,),
        }.items():
            tensors[prefix + name + ".weight"] = size
    return dict(sorted(tensors.items()))


def config(shape, dtype):
    layers, width, neurons, heads, groups, tokens = shape
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "dtype": TORCH[dtype], "hidden_size": width,
        "intermediate_size": neurons, "num_hidden_layers": layers, "num_attention_heads": heads, "num_key_value_heads": groups,
        "vocab_size": tokens, "tie_word_embeddings": False, "rms_norm_eps": 1e-5, "hidden_act": "silu",
    }


class Buffers(threading.local):
    """Scratch of one thread."""

    def __init__(self):
        self.values = np.empty(BLOCK, np.float32)
        self.noise = np.empty(BLOCK, np.float32)
        self.bits = np.empty(BLOCK, np.uint32)
        self.narrow = np.empty(BLOCK, np.uint16)


def draw(key, out):
    np.random.Generator(np.random.SFC64(np.random.SeedSequence(key))).standard_normal(dtype=np.float32, out=out)


def encoded(buffers, count, dtype):
    """The first values of the buffer in a dtype, rounded to nearest even."""
    values = buffers.values[:count]
    if dtype == "F32":
        return values
    if dtype == "F16":
        return values.astype(np.float16)
    bits, increment, narrow = values.view(np.uint32), buffers.bits[:count], buffers.narrow[:count]
    np.right_shift(bits, 16, out=increment)
    np.bitwise_and(increment, 1, out=increment)
    np.add(increment, 0x7FFF, out=increment)
    np.add(bits, increment, out=increment)
    np.right_shift(increment, 16, out=increment)
    np.copyto(narrow, increment, casting="unsafe")
    return narrow


def write_tensor(descriptor, offset, number, shape, dtype, arguments, noise_seed, buffers):
    """One tensor: matrices of sd 0.02, gains of 1 ± 0.1, in blocks with a generator each."""
    count, gain = int(np.prod(shape)), len(shape) == 1
    for block, first in enumerate(range(0, count, BLOCK)):
        size = min(BLOCK, count - first)
        values, noise = buffers.values[:size], buffers.noise[:size]
        draw([arguments.seed, number, block], values)
        if arguments.noise:
            draw([arguments.seed, number, block, noise_seed], noise)
            np.multiply(noise, np.float32(arguments.noise), out=noise)
            np.add(values, noise, out=values)
        np.multiply(values, np.float32(0.1 if gain else 0.02), out=values)
        if gain:
            np.add(values, np.float32(1), out=values)
            values[QUIET // 2 :: QUIET] *= np.float32(0.05)
            if arguments.finetune:
                # The noise is at most `--noise` of a standard deviation: a few per cent of a gain, and half of a quiet one.
                np.multiply(noise, np.float32(0.3), out=noise)
                noise[QUIET // 2 :: QUIET] *= np.float32(15)
                np.multiply(values, np.exp(noise), out=values)
        data = memoryview(encoded(buffers, size, dtype)).cast("B")
        at = offset + first * ITEM[dtype]
        while data:
            written = os.pwrite(descriptor, data, at)
            data, at = data[written:], at + written


def write_model(folder, shape, arguments, noise_seed, pool, buffers):
    dtype, tensors = arguments.dtype, layout(shape)
    os.makedirs(folder, exist_ok=True)
    sizes = {name: int(np.prod(size)) * ITEM[dtype] for name, size in tensors.items()}
    total, shards, index, jobs, descriptors = sum(sizes.values()), [[]], {}, [], []
    filled = 0
    for name in tensors:
        if len(shards) < arguments.shards and filled >= total * len(shards) / arguments.shards:
            shards.append([])
        shards[-1].append(name)
        filled += sizes[name]
    for number, names in enumerate(shards, 1):
        file = "model.safetensors" if len(shards) == 1 else f"model-{number:05}-of-{len(shards):05}.safetensors"
        header, offset = {"__metadata__": {"format": "pt"}}, 0
        for name in names:
            header[name] = {"dtype": dtype, "shape": tensors[name], "data_offsets": [offset, offset + sizes[name]]}
            offset += sizes[name]
            index[name] = file
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        descriptor = os.open(os.path.join(folder, file), os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        descriptors.append(descriptor)
        os.posix_fallocate(descriptor, 0, 8 + len(text) + offset)
        os.pwrite(descriptor, len(text).to_bytes(8, "little") + text, 0)
        for name in names:
            at = 8 + len(text) + header[name]["data_offsets"][0]
            place = list(tensors).index(name)
            jobs.append((-sizes[name], descriptor, at, place, tensors[name]))
    done = [
        pool.submit(write_tensor, descriptor, at, place, size, dtype, arguments, noise_seed, buffers)
        for _, descriptor, at, place, size in sorted(jobs)
    ]
    for job in done:
        job.result()
    for descriptor in descriptors:
        os.close(descriptor)
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(config(shape, dtype), file, indent=2)
    if len(shards) > 1:
        with open(os.path.join(folder, "model.safetensors.index.json"), "w") as file:
            json.dump({"metadata": {"total_size": total}, "weight_map": index}, file, indent=2)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--shape", choices=sorted(SHAPES), default="1.1b")
    parser.add_argument("--layers", type=int, help="instead of the shape's own")
    parser.add_argument("--dtype", choices=sorted(ITEM), default="BF16")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=0.0, help="sd of the noise relative to the weights' sd")
    parser.add_argument("--finetune", action="store_true", help="with --noise: gains and tokens as a real finetune changes them")
    parser.add_argument("--noise-seed", type=int, default=1)
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--copies", type=int, help="write that many models, model-0 …, with noise seeds of their own")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    shape = SHAPES[arguments.shape]
    shape = (arguments.layers or shape[0],) + shape[1:]
    if arguments.finetune:
        if not arguments.noise:
            parser.error("--finetune needs --noise")
        shape = shape[:-1] + (shape[-1] + 64,)
    buffers = Buffers()
    with ThreadPoolExecutor(arguments.threads) as pool:
        if arguments.copies is None:
            write_model(arguments.out, shape, arguments, arguments.noise_seed, pool, buffers)
        for copy in range(arguments.copies or 0):
            write_model(os.path.join(arguments.out, f"model-{copy}"), shape, arguments, arguments.noise_seed + copy, pool, buffers)


if __name__ == "__main__":
    main()
