"""A pair of checkpoints through safetensors and torch, as people write it: open both, one tensor at a time, in f32.

    python3 torch_pair.py CANDIDATE FOUNDATION      (folders)

Prints per tensor: cosine, centred cosine, relative L2, norm ratio, equal share; then the mean cosine of the matrices.
"""
import glob
import os
import sys

import torch
from safetensors import safe_open


def tensors(folder):
    where = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.safetensors"))):
        file = safe_open(path, framework="pt")
        where.update({name: file for name in file.keys()})
    return where


candidate, foundation = tensors(sys.argv[1]), tensors(sys.argv[2])
total = weight = 0
with torch.no_grad():
    for name in sorted(candidate.keys() & foundation.keys()):
        c = candidate[name].get_tensor(name).float().flatten()
        f = foundation[name].get_tensor(name).float().flatten()
        nc, nf = c.norm(), f.norm()
        cosine = float(torch.dot(c, f) / (nc * nf))
        cc, fc = c - c.mean(), f - f.mean()
        centred = float(torch.dot(cc, fc) / (cc.norm() * fc.norm()))
        equal = float((c == f).float().mean())
        print(f"{name}\t{cosine:.6f}\t{centred:.6f}\t{float((c - f).norm() / nf):.6f}\t{float(nc / nf):.6f}\t{equal:.6f}")
        if "norm" not in name:
            total, weight = total + cosine * c.numel(), weight + c.numel()
print(f"mean\t{total / weight:.6f}")
