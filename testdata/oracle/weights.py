"""Reading and writing safetensors with numpy alone: what pairs.py and make_variants.py share."""
import json
import os

import numpy as np

PLAIN = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}


def read_file(path):
    """Tensors of one file by name, each as f64 (exact for F16, BF16, F32 and F64), in the file's shape."""
    with open(path, "rb") as file:
        data = file.read()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        raw = data[8 + length + begin : 8 + length + end]
        tensors[name] = decode(raw, entry["dtype"]).reshape(entry["shape"])
    return tensors


def read_folder(folder):
    """Tensors of all safetensors files of a folder."""
    tensors = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".safetensors"):
            tensors.update(read_file(os.path.join(folder, name)))
    return tensors


def decode(raw, dtype):
    if dtype == "BF16":
        return (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return np.frombuffer(raw, PLAIN[dtype]).astype(np.float64)


def encode(values, dtype):
    """f64 to the bytes of a dtype, to nearest even; to BF16 by way of f32."""
    if dtype == "BF16":
        bits = values.astype("<f4").view(np.uint32)
        return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes()
    return values.astype(PLAIN[dtype]).tobytes()


def write_file(path, tensors, dtype):
    """One file with all tensors in one dtype, in name order, the data area aligned to 8 bytes."""
    header, blobs, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name in sorted(tensors):
        blob = encode(tensors[name], dtype)
        header[name] = {"dtype": dtype, "shape": list(tensors[name].shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(blobs))
