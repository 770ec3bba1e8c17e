"""Safetensors files with numpy alone, BF16 included."""
import json
import os
import struct

import numpy as np

PLAIN = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1", "U16": "<u2", "U32": "<u4",
         "BOOL": "u1"}


class Raw:
    """A tensor that is written as it is: numbers of the element type `dtype`."""

    def __init__(self, dtype, values):
        self.dtype, self.values = dtype, np.ascontiguousarray(values, dtype=PLAIN[dtype])

    @property
    def shape(self):
        return self.values.shape


def bfloat16(values):
    """The 16 bits of each number rounded to BF16, ties to even."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")


def rounded(values):
    """The numbers rounded to BF16, as F32."""
    return (bfloat16(values).astype(np.uint32) << 16).view(np.float32)


def read_file(path):
    """All tensors of one file by name: floating point as F32, whole numbers as Raw."""
    tensors = {}
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        start = file.tell()
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            begin, end = entry["data_offsets"]
            file.seek(start + begin)
            data = file.read(end - begin)
            kind, shape = entry["dtype"], entry["shape"]
            if kind == "BF16":
                values = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32).reshape(shape)
            elif kind in ("F64", "F32", "F16"):
                values = np.frombuffer(data, PLAIN[kind]).astype(np.float32).reshape(shape)
            elif kind in PLAIN:
                values = Raw(kind, np.frombuffer(data, PLAIN[kind]).reshape(shape))
            else:
                raise SystemExit(f"{path}: {name} has the element type {kind}, which forge does not read")
            tensors[name] = (values, kind)
    return {n: v for n, (v, _) in tensors.items()}, {n: k for n, (_, k) in tensors.items()}


def read_folder(folder):
    """The tensors of a model folder by name, its configuration, and the element type that most of its numbers have."""
    if not os.path.isdir(folder):
        raise SystemExit(f"{folder}: no such folder")
    index = os.path.join(folder, "model.safetensors.index.json")
    if os.path.exists(index):
        names = sorted(set(json.load(open(index))["weight_map"].values()))
    else:
        names = sorted(n for n in os.listdir(folder) if n.endswith(".safetensors"))
    if not names:
        raise SystemExit(f"{folder}: no safetensors file")
    tensors, kinds = {}, {}
    for name in names:
        values, types = read_file(os.path.join(folder, name))
        tensors.update(values)
        kinds.update(types)
    path = os.path.join(folder, "config.json")
    config = json.load(open(path)) if os.path.exists(path) else {}
    total = {}
    for name, kind in kinds.items():
        total[kind] = total.get(kind, 0) + int(np.prod(tensors[name].shape))
    return tensors, config, max(total, key=total.get)


def write_file(path, tensors, dtype):
    """Writes the tensors in the order of their names, floating point as `dtype` (f32, bf16 or f16)."""
    kind = {"f32": "F32", "bf16": "BF16", "f16": "F16"}[dtype]
    header, offset, order = {}, 0, sorted(tensors)
    for name in order:
        values = tensors[name]
        size = int(np.prod(values.shape)) * (values.values.itemsize if isinstance(values, Raw) else {"f32": 4}.get(dtype, 2))
        own = values.dtype if isinstance(values, Raw) else kind
        header[name] = {"dtype": own, "shape": list(values.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for name in order:
            values = tensors[name]
            if isinstance(values, Raw):
                data = values.values
            elif dtype == "bf16":
                data = bfloat16(values)
            else:
                data = np.ascontiguousarray(values, dtype="<f4" if dtype == "f32" else "<f2")
            file.write(data.tobytes())
