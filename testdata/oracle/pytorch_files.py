"""Writes testdata/pytorch: files of torch.save and the numbers in them.

The files are written by torch itself. Beside each, under the same name with ".expected.safetensors", are the tensors that torch.load
gives back, written by hand as contiguous arrays; both are compared bit by bit.

python3 -m pip install --target /tmp/torchlib torch numpy
PYTHONPATH=/tmp/torchlib python3 testdata/oracle/pytorch_files.py
"""
import collections
import json
import os
import struct

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(os.path.dirname(HERE), "pytorch")
SEED = 23
NAMES = {
    torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32",
    torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL", torch.float8_e4m3fn: "F8_E4M3",
    torch.float8_e5m2: "F8_E5M2", torch.uint16: "U16", torch.uint32: "U32", torch.complex64: "C64",
}


def expected(tensors, path):
    """A safetensors file of the tensors."""
    header, data = {}, b""
    for name, tensor in sorted(tensors.items()):
        tensor = tensor.detach().contiguous().clone()
        raw = bytes(tensor.reshape(-1).view(torch.uint8).tolist()) if tensor.numel() else b""
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def save(name, value, tensors, **options):
    path = os.path.join(OUT, name)
    torch.save(value, path, **options)
    # Readable by torch, which knows no frames (protocols from 4) where it executes nothing.
    torch.load(path, weights_only=options.get("pickle_protocol", 2) < 4)
    expected(tensors, path + ".expected.safetensors")


def main():
    os.makedirs(OUT, exist_ok=True)
    torch.manual_seed(SEED)

    # Every type of numbers, scalars, empty tensors, parameters, tensors with attributes.
    types = collections.OrderedDict()
    for dtype, name in NAMES.items():
        numbers = torch.randn(2, 3) * 40
        types[f"{name}.weight"] = numbers.to(torch.complex64) * (1 + 2j) if dtype == torch.complex64 else numbers.abs().to(dtype)
    types["scalar"] = torch.tensor(7.5)
    types["empty"] = torch.zeros(0, 4)
    types["parameter"] = torch.nn.Parameter(torch.randn(3, dtype=torch.bfloat16))
    plain = torch.randn(3)
    plain.note = "an attribute"
    types["noted"] = plain
    save("types.pt", types, types)

    # A module, in every protocol that pickles have, with a tied weight and views of one storage.
    module = torch.nn.Sequential(torch.nn.Embedding(5, 4), torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 5, bias=False))
    module[3].weight = module[0].weight
    state = module.state_dict()
    whole = torch.randn(4, 4)
    state["rows.first"], state["rows.last"] = whole[:1], whole[1:]
    state["one"] = torch.randn(4).expand(1, 4)
    for protocol in (2, 4, 5):
        save(f"module-{protocol}.bin", state, state, pickle_protocol=protocol)

    # What a training program saves.
    model = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    training = {
        "epoch": 3, "loss": 0.25, "model": model.state_dict(), "optimizer": optimizer.state_dict(), "done": False,
        "sizes": [1, 2.5, None, "text"], "shape": torch.Size([2, 3]), "device": torch.device("cpu"), "large": 1 << 70,
    }
    save("training.pth", training, model.state_dict())

    # Refused.
    torch.save(state, os.path.join(OUT, "old.bin"), _use_new_zipfile_serialization=False)
    torch.save({"a": torch.arange(6.0).reshape(2, 3).t()}, os.path.join(OUT, "transposed.pt"))
    torch.save(model, os.path.join(OUT, "object.pt"))
    torch.jit.save(torch.jit.trace(model, torch.ones(1, 3)), os.path.join(OUT, "program.pt"))


main()
