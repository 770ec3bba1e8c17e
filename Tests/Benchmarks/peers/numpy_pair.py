"""A pair of checkpoints through safetensors and numpy, as people write it: load both, widen to f32, loop over the tensors.

    python3 numpy_pair.py CANDIDATE FOUNDATION      (folders)

numpy has no bfloat16 and safetensors.numpy raises a TypeError on it, so BF16 is read from the header by hand.
Prints per tensor: cosine, centred cosine, relative L2, norm ratio, equal share; then the mean cosine of the matrices.
"""
import glob
import json
import os
import sys

import numpy as np
from safetensors.numpy import load_file


def load_by_hand(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    kinds = {"BF16": np.uint16, "F16": np.float16, "F32": np.float32, "F64": np.float64}
    return {
        name: np.frombuffer(data, kinds[x["dtype"]], (x["data_offsets"][1] - x["data_offsets"][0]) // np.dtype(kinds[x["dtype"]]).itemsize, x["data_offsets"][0])
        for name, x in header.items()
    }


def load(folder):
    tensors = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.safetensors"))):
        try:
            tensors.update(load_file(path))
        except TypeError:
            tensors.update(load_by_hand(path))
    return tensors


def widen(x):
    if x.dtype == np.uint16:
        return (x.astype(np.uint32) << 16).view(np.float32)
    return x.astype(np.float32).ravel()


candidate, foundation = load(sys.argv[1]), load(sys.argv[2])
total = weight = 0
for name in sorted(candidate.keys() & foundation.keys()):
    c, f = widen(candidate[name]), widen(foundation[name])
    nc, nf = np.linalg.norm(c), np.linalg.norm(f)
    cosine = (c @ f) / (nc * nf)
    cc, fc = c - c.mean(), f - f.mean()
    centred = (cc @ fc) / (np.linalg.norm(cc) * np.linalg.norm(fc))
    print(f"{name}\t{cosine:.6f}\t{centred:.6f}\t{np.linalg.norm(c - f) / nf:.6f}\t{nc / nf:.6f}\t{np.mean(c == f):.6f}")
    if "norm" not in name:
        total, weight = total + cosine * c.size, weight + c.size
print(f"mean\t{total / weight:.6f}")
