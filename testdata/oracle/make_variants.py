"""Writes testdata/variants: aurora in other dtypes and with noise, from a recipe that any language can repeat.

    python3 testdata/oracle/make_variants.py

Tensors are taken in name order, and element i of tensor t (both from 0, i in row-major order) gets the noise

    u = splitmix64's output for the state seed + (t * 2^32 + i + 1) * 0x9E3779B97F4A7C15 (mod 2^64)
    g = (sum of the four 16-bit fields of u - 131070) / sqrt((2^32 - 1) / 3)

of mean 0, variance 1 and |g| < 3.47. The value becomes  w + strength * RMS(tensor) * g  in f64, rounded once to the dtype
(to BF16: to F32 first). The RMS is rounded to F32, so that the order of its sum does not matter.
"""
import json
import math
import os
import re

import numpy as np

from weights import read_folder, write_file

TESTDATA = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Four independent uniform integers below 2^16: variance 4 (2^32 - 1) / 12.
SPREAD = ((2.0**32 - 1) / 3) ** 0.5

# name, dtype, strength of the noise relative to each tensor's RMS, seed, tokens added (the last rows once more),
# layers kept (None: all, and the rest of the model)
VARIANTS = [
    ("aurora-f32", "F32", 0.0, 0, 0, {0, 1}),
    ("aurora-f16", "F16", 0.1, 16, 0, None),
    ("aurora-f64", "F64", 0.5, 64, 0, {0}),
    ("aurora-noise", "BF16", 0.3, 3, 16, None),
]
DTYPE_NAMES = {"F16": "float16", "BF16": "bfloat16"}
BY_TOKEN = {"model.embed_tokens.weight", "lm_head.weight"}


def noise(seed, tensor, count):
    index = np.arange(1, count + 1, dtype=np.uint64) + np.uint64(tensor << 32)
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + index * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    fields = z.view(np.uint16).reshape(-1, 4).astype(np.int64).sum(1)
    return (fields - 131070) / SPREAD


def main():
    aurora = read_folder(os.path.join(TESTDATA, "aurora"))
    for folder, dtype, strength, seed, added, layers in VARIANTS:
        tensors = {}
        for number, name in enumerate(sorted(aurora)):
            layer = re.match(r"model\.layers\.(\d+)\.", name)
            if layers is not None and (layer is None or int(layer[1]) not in layers):
                continue
            values = aurora[name]
            if added and name in BY_TOKEN:
                values = np.concatenate([values, values[-added:]])
            rms = float(np.float32(np.sqrt(math.fsum((values**2).ravel()) / values.size)))
            tensors[name] = values + strength * rms * noise(seed, number, values.size).reshape(values.shape) if strength else values
        out = os.path.join(TESTDATA, "variants", folder)
        os.makedirs(out, exist_ok=True)
        path = os.path.join(out, "model.safetensors")
        write_file(path, tensors, dtype)
        if layers is None:
            with open(os.path.join(TESTDATA, "aurora", "config.json")) as file:
                config = json.load(file)
            config.update(vocab_size=config["vocab_size"] + added, dtype=DTYPE_NAMES[dtype])
            with open(os.path.join(out, "config.json"), "w") as file:
                file.write(json.dumps(config, indent=2) + "\n")
        print(f"{path}: {len(tensors)} tensors, {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
