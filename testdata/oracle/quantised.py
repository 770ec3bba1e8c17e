"""Writes testdata/variants/aurora-quantised, aurora-chat with every format of quantised weights in one checkpoint, and quantised.json, its
similarity to aurora in f64. What is compared here is dequantised by the code below, element by element from the formulas of the formats.

Rounding to nearest is all the quantisation there is; the formats are what matters. python3 testdata/oracle/quantised.py [--check]
"""
import json
import os
import sys

import numpy as np

from weights import encode, read_folder

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.dirname(HERE)
OUT = os.path.join(DATA, "variants", "aurora-quantised")

E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6])
NF4 = np.array([
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
    -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0], dtype=np.float32)
FP4 = np.array([0, 0.0625, 8, 12, 4, 6, 2, 3, 0, -0.0625, -8, -12, -4, -6, -2, -3], dtype=np.float32) / np.float32(12)


def e4m3_table():
    """The values of the 256 codes; NaN is left as infinity, which nothing is nearest to."""
    values = []
    for code in range(256):
        exponent, fraction = code >> 3 & 15, code & 7
        value = fraction / 8 * 2.0**-6 if exponent == 0 else (1 + fraction / 8) * 2.0 ** (exponent - 7)
        values.append(np.inf if code & 127 == 127 else -value if code & 128 else value)
    return np.array(values)


def nearest(table, values):
    """The codes whose values are nearest."""
    flat = values.reshape(-1)
    codes = np.concatenate([np.abs(part[:, None] - table[None, :]).argmin(1) for part in np.array_split(flat, len(flat) // 4096 + 1)])
    return codes.astype(np.uint8).reshape(values.shape)


def f16(values):
    return values.astype(np.float16)


def stream(codes, bits):
    """Codes along the last axis as little-endian streams of 32-bit words."""
    unpacked = (codes[..., None].astype(np.uint8) >> np.arange(bits, dtype=np.uint8)) & 1
    rows = unpacked.reshape(codes.shape[:-1] + (-1,))
    rows = np.concatenate([rows, np.zeros(rows.shape[:-1] + (-rows.shape[-1] % 32,), np.uint8)], -1)
    return np.packbits(rows, axis=-1, bitorder="little").view("<u4").astype("<u4")


def affine(w, group, bits, symmetric=False):
    """Scales (F16 values), zero points and codes of groups along the inputs."""
    rows, inputs = w.shape
    parts = w.reshape(rows, inputs // group, group)
    if symmetric:
        scale = f16(np.abs(parts).max(2) / (2 ** (bits - 1) - 1)).astype(np.float64)
        zero = np.full(scale.shape, 2 ** (bits - 1))
    else:
        low, high = np.minimum(parts.min(2), 0), np.maximum(parts.max(2), 0)
        scale = f16((high - low) / (2**bits - 1)).astype(np.float64)
        zero = np.clip(np.rint(-low / scale), 1, 2**bits - 1)
    codes = np.clip(np.rint(parts / scale[..., None]) + zero[..., None], 0, 2**bits - 1)
    dequantised = (codes - zero[..., None]) * scale[..., None]
    return scale, zero.astype(int), codes.reshape(rows, inputs).astype(int), dequantised.reshape(rows, inputs)


def gptq(w, group, bits, order=None):
    """Tensors of the first version, and what they stand for; `order`: inputs in the order in which groups took them."""
    order = np.arange(w.shape[1]) if order is None else order
    scale, zero, codes, dequantised = affine(w[:, order], group, bits)
    index, place = np.empty(len(order), int), np.empty_like(order)
    index[order] = np.arange(len(order)) // group
    place[order] = np.arange(len(order))
    codes, dequantised = codes[:, place], dequantised[:, place]
    return {
        "qweight": ("I32", np.ascontiguousarray(stream(codes, bits).T)),
        "qzeros": ("I32", stream((zero.T - 1) % 2**bits, bits)),
        "scales": ("F16", np.ascontiguousarray(f16(scale.T))),
        "g_idx": ("I32", index.astype("<i4")),
    }, dequantised


def awq(w, group):
    scale, zero, codes, dequantised = affine(w, group, 4)

    def pack(columns):
        words = columns.reshape(columns.shape[0], -1, 8)[:, :, [0, 2, 4, 6, 1, 3, 5, 7]].astype(np.uint32)
        return (words << (4 * np.arange(8, dtype=np.uint32))).sum(2).astype("<u4")

    return {
        "qweight": ("I32", pack(codes.T)), "qzeros": ("I32", pack(zero.T)), "scales": ("F16", np.ascontiguousarray(f16(scale.T))),
    }, dequantised


def fp8(w, rows, columns, name):
    """E4M3 with a scale a block, F32."""
    table = e4m3_table()
    down, across = -(-w.shape[0] // rows), -(-w.shape[1] // columns)
    scales, whole = np.zeros((down, across), np.float32), np.zeros(w.shape)
    for i in range(down):
        for j in range(across):
            part = (slice(i * rows, (i + 1) * rows), slice(j * columns, (j + 1) * columns))
            scales[i, j] = np.abs(w[part]).max() / 448
            whole[part] = scales[i, j]
    codes = nearest(table, w / whole)
    return {"weight": ("F8_E4M3", codes), name: ("F32", scales)}, table[codes] * whole


def int8(w, scb=False):
    largest = np.abs(w).max(1).astype(np.float32)
    step = largest.astype(np.float64) / 127
    if not scb:
        step = step.astype(np.float32).astype(np.float64)
    codes = np.clip(np.rint(w / step[:, None]), -127, 127).astype(np.int8)
    tensors = {"weight": ("I8", codes)}
    if scb:
        tensors |= {"SCB": ("F32", largest), "weight_format": ("U8", np.zeros((), np.uint8))}
    else:
        tensors["weight_scale"] = ("F32", step.astype(np.float32)[:, None])
    return tensors, codes * step[:, None]


def packed(w, group, bits):
    """compressed-tensors, asymmetric."""
    scale, zero, codes, dequantised = affine(w, group, bits)
    scale32 = scale.astype(np.float32)
    return {
        "weight_packed": ("I32", stream(codes, bits)), "weight_scale": ("F32", scale32),
        "weight_zero_point": ("I32", np.ascontiguousarray(stream(zero.T, bits).T)),
        "weight_shape": ("I64", np.array(w.shape, "<i8")),
    }, dequantised


def blocks_of(w, table, kind, nested):
    """bitsandbytes, blocks of 64."""
    flat = w.reshape(-1)
    parts = np.concatenate([flat, np.zeros(-len(flat) % 64)]).reshape(-1, 64)
    absmax = np.abs(parts).max(1).astype(np.float32)
    state = {"quant_type": kind, "blocksize": 64, "dtype": "bfloat16", "shape": list(w.shape)}
    tensors = {"weight.quant_map": ("F32", table)}
    if nested:
        offset = float(absmax.mean(dtype=np.float64).astype(np.float32))
        code = np.linspace(-1, 1, 256).astype(np.float32)
        rest = absmax.astype(np.float64) - offset
        outer = np.array([np.abs(rest[i : i + 256]).max() for i in range(0, len(rest), 256)]).astype(np.float32)
        spread = np.repeat(outer.astype(np.float64), 256)[: len(rest)]
        inner = nearest(code.astype(np.float64), rest / spread)
        state |= {"nested_blocksize": 256, "nested_offset": offset, "nested_dtype": "float32"}
        tensors |= {
            "weight.absmax": ("U8", inner), "weight.nested_absmax": ("F32", outer), "weight.nested_quant_map": ("F32", code),
        }
        magnitudes = code.astype(np.float64)[inner] * spread + offset
    else:
        tensors["weight.absmax"] = ("F32", absmax)
        magnitudes = absmax.astype(np.float64)
    codes = nearest(table.astype(np.float64), parts / magnitudes[:, None])
    values = (table.astype(np.float64)[codes] * magnitudes[:, None]).reshape(-1)[: len(flat)].reshape(w.shape)
    both = codes.reshape(-1)[: len(flat)].reshape(-1, 2)
    tensors["weight"] = ("U8", (both[:, 0] << 4 | both[:, 1])[:, None])
    tensors[f"weight.quant_state.bitsandbytes__{kind}"] = ("U8", np.frombuffer(json.dumps(state).encode(), np.uint8))
    return tensors, values


def nibbles(w, group):
    """E2M1 codes of w, whose scale by groups is `scale`, two in a byte."""
    codes = nearest(E2M1, w)
    return codes[:, 0::2] | codes[:, 1::2] << 4, E2M1[codes]


def nvfp4(w, is_modelopt):
    parts = w.reshape(w.shape[0], -1, 16)
    largest = np.abs(parts).max(2)
    table = e4m3_table()
    factor = np.float32(6 * 448 / np.abs(w).max())
    inverse = np.float32(1 / np.float64(factor))
    total = np.float64(inverse) if is_modelopt else 1 / np.float64(factor)
    scales = nearest(table, largest / 6 / total)
    whole = np.repeat(table[scales] * total, 16, 1)
    bytes_, values = nibbles(w / np.where(whole == 0, 1, whole), 16)
    if is_modelopt:
        tensors = {"weight": ("U8", bytes_), "weight_scale": ("F8_E4M3", scales), "weight_scale_2": ("F32", np.array(inverse)),
                   "input_scale": ("F32", np.array(np.float32(0.25)))}
    else:
        tensors = {"weight_packed": ("U8", bytes_), "weight_scale": ("F8_E4M3", scales),
                   "weight_global_scale": ("F32", np.array([factor]))}
    return tensors, values * whole


def mxfp4(w):
    parts = w.reshape(w.shape[0], -1, 32)
    exponents = np.clip(np.ceil(np.log2(np.abs(parts).max(2) / 6)) + 127, 0, 254).astype(np.uint8)
    whole = np.repeat(2.0 ** (exponents.astype(int) - 127), 32, 1)
    bytes_, values = nibbles(w / whole, 32)
    return {"weight_packed": ("U8", bytes_), "weight_scale": ("U8", exponents)}, values * whole


RECIPES = {
    "0.self_attn.q_proj": lambda w: gptq(w, 32, 4),
    "0.self_attn.k_proj": lambda w: gptq(w, 16, 8),
    "0.self_attn.v_proj": lambda w: gptq(w, 64, 4),
    "0.self_attn.o_proj": lambda w: gptq(w, 32, 3),
    "0.mlp.gate_proj": lambda w: gptq(w, 32, 2),
    "0.mlp.up_proj": lambda w: gptq(w, 32, 4),
    # In no order: by a fixed permutation.
    "0.mlp.down_proj": lambda w: gptq(w, 16, 4, np.argsort(np.arange(w.shape[1]) * 89 % w.shape[1], kind="stable")),
    "1.self_attn.q_proj": lambda w: awq(w, 32),
    "1.self_attn.k_proj": lambda w: awq(w, 64),
    "1.self_attn.v_proj": lambda w: fp8(w, w.shape[0], w.shape[1], "weight_scale"),
    "1.self_attn.o_proj": lambda w: fp8(w, 1, w.shape[1], "weight_scale"),
    "1.mlp.gate_proj": lambda w: fp8(w, 128, 128, "weight_scale_inv"),
    "1.mlp.up_proj": lambda w: int8(w),
    "1.mlp.down_proj": lambda w: fp8(w, 128, 128, "weight_scale_inv"),
    "2.self_attn.q_proj": lambda w: blocks_of(w, NF4, "nf4", False),
    "2.self_attn.k_proj": lambda w: blocks_of(w, FP4, "fp4", False),
    "2.self_attn.v_proj": lambda w: int8(w, True),
    "2.self_attn.o_proj": lambda w: mxfp4(w),
    "2.mlp.gate_proj": lambda w: blocks_of(w, NF4, "nf4", True),
    "2.mlp.up_proj": lambda w: nvfp4(w, False),
    "2.mlp.down_proj": lambda w: nvfp4(w, True),
    "3.self_attn.q_proj": lambda w: packed(w, 32, 4),
    "3.self_attn.k_proj": lambda w: packed(w, 16, 8),
    "3.mlp.gate_proj": lambda w: packed(w, 32, 3),
}


def shape_of(dtype, array):
    return list(array.shape)


def write(path, tensors):
    header, blobs, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name in sorted(tensors):
        dtype, array = tensors[name]
        blob = encode(array, dtype) if dtype == "BF16" else array.tobytes()
        header[name] = {"dtype": dtype, "shape": shape_of(dtype, array), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(blobs))


def figures(c, f):
    dot, cc, ff = (c * f).sum(), (c * c).sum(), (f * f).sum()
    x, y = c - c.mean(), f - f.mean()
    return {
        "cosine": dot / np.sqrt(cc * ff), "centred_cosine": (x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()),
        "relative_l2": np.sqrt(((c - f) ** 2).sum() / ff), "norm_ratio": np.sqrt(cc / ff),
    }


def main():
    chat, base = read_folder(os.path.join(DATA, "aurora-chat")), read_folder(os.path.join(DATA, "aurora"))
    stored, rows = {}, []
    for name in sorted(chat):
        w = chat[name]
        module = name[len("model.layers.") : -len(".weight")] if name.startswith("model.layers.") else None
        if module in RECIPES:
            tensors, w = RECIPES[module](w)
            for ending, value in tensors.items():
                stored[name[: -len("weight")] + ending] = value
        elif module is not None or w.ndim == 1:
            stored[name] = ("BF16", w)
        else:
            continue  # The tables would be most of the file.
        rows.append({"name": name, "quantised": module in RECIPES, **figures(w, base[name])})
    document = {"candidate": "variants/aurora-quantised", "foundation": "aurora", "tensors": rows}
    path = os.path.join(HERE, "quantised.json")
    if "--check" in sys.argv:
        with open(path) as file:
            known = json.load(file)
        for a, b in zip(known["tensors"], rows, strict=True):
            assert a["name"] == b["name"] and all(np.isclose(a[k], b[k], rtol=1e-12) for k in figures(w, w)), a["name"]
        return
    write(os.path.join(OUT, "model.safetensors"), stored)
    with open(path, "w") as file:
        json.dump(document, file, indent=1)
        file.write("\n")


main()
