"""Writes testdata/quantised/{fp8_tiles_32,fp4_i8,fp4_f4,hqq_*,exl2}: small matrices in formats whose writers need a graphics processor or are
not on PyPI, packed here as their sources describe, and what they stand for in f64. Facts: DeepSeek V4 (tiles of 32 × 32 and exponents in
`scale`, codes of E2M1 in I8 or F4), hqq 0.2 (bitpack.py, quantize.py), exllamav2 0.3 (pack_tensor.cu, q_matrix.cu, ext.py).

What a file holds is drawn, not quantised from weights: every code, every zero point and every order of inputs occurs.
python3 testdata/oracle/more_formats.py
"""
import json
import os

import numpy as np

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "quantised")
E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6])
rng = np.random.default_rng(18)


def e4m3(code):
    sign, exponent, fraction = code >> 7, (code >> 3 & 15).astype(int), code & 7
    value = np.where(exponent == 0, fraction / 8 * 2.0**-6, (1 + fraction / 8) * 2.0 ** (exponent - 7))
    return np.where(sign == 1, -value, value)


def tiles():
    """Rows and columns that are no multiples of 32."""
    codes = rng.integers(0, 256, (80, 112), dtype=np.uint8)
    codes[(codes & 127) == 127] = 0
    scales = rng.integers(110, 135, (3, 4), dtype=np.uint8)
    whole = np.repeat(np.repeat(2.0 ** (scales.astype(int) - 127), 32, 0), 32, 1)[:80, :112]
    return {"l.weight": ("F8_E4M3", codes), "l.scale": ("F8_E8M0", scales)}, e4m3(codes) * whole


def fp4(dtype):
    """Two codes in a byte, the first one in the low half; a scale for 32 inputs."""
    codes = rng.integers(0, 256, (24, 48), dtype=np.uint8)
    scales = rng.integers(110, 135, (24, 3), dtype=np.uint8)
    values = E2M1[np.stack([codes & 15, codes >> 4], -1).reshape(24, 96)] * np.repeat(2.0 ** (scales.astype(int) - 127), 32, 1)
    return {"l.weight": (dtype, codes), "l.scale": ("F8_E8M0", scales)}, values


def hqq(bits, group, axis, shape, dtype=np.float16):
    """Codes in groups, along the inputs (axis 1) or across the matrix (axis 0); packed in parts of the first dimension."""
    count = shape[0] * shape[1]
    size = (count // group, group) if axis == 1 else (group, count // group)
    codes = rng.integers(0, 1 << bits, size)
    groups = (size[0], 1) if axis == 1 else (1, size[1])
    scale = rng.normal(0, 0.05, groups).astype(dtype)
    zero = rng.uniform(0, (1 << bits) - 1, groups).astype(dtype)
    values = ((codes - zero.astype(np.float64)) * scale.astype(np.float64)).reshape(shape)
    each, word = (10, np.int32) if bits == 3 else (8 // bits, np.uint8)
    step = -(-size[0] // each)
    padded = np.zeros((step * each, size[1]), np.int64)
    padded[:size[0]] = codes
    packed = np.zeros((step, size[1]), np.int64)
    for part in range(each):
        packed |= padded[part * step:(part + 1) * step] << bits * (each - 1 - part)
    number = lambda value: ("I32", np.array([value], "<i4"))
    return {
        "l.W_q": ("I32" if bits == 3 else "U8", packed.astype(word)), "l.scale": ("F16", scale), "l.zero": ("F16", zero),
        "l.shape": ("I64", np.array(shape, "<i8")), "l.nbits": number(bits), "l.group_size": number(group), "l.axis": number(axis),
        "l.quant_zero": ("U8", np.zeros(1, np.uint8)), "l.packing": ("U8", np.frombuffer(b"4bit_u8", np.uint8)),
    }, values


def exl2():
    """Groups of 8, 6, 5, 4, 3 and 2 bits, the last one shorter, and inputs in another order."""
    outputs, widths = 48, [(8, 32), (6, 32), (5, 64), (4, 32), (4, 32), (3, 32), (2, 16)]
    inputs = sum(count for _, count in widths)
    words, limits, rows = [], [], []
    steps = rng.integers(0, 16, (len(widths), outputs))
    largest = rng.uniform(0.01, 0.3, len(widths)).astype(np.float16)
    for number, (bits, count) in enumerate(widths):
        codes = rng.integers(0, 1 << bits, (count, outputs))
        # A stream down each column, the low bits of a code first.
        stream = (codes[:, None, :] >> np.arange(bits)[:, None] & 1).reshape(count * bits // 32, 32, outputs)
        limits += [bits, sum(len(part) for part in words)]
        words.append((stream.astype(np.uint64) << np.arange(32, dtype=np.uint64)[:, None]).sum(1).astype(np.uint32))
        scale = (steps[number] + 1.0) ** 2 * float(largest[number]) / 256
        rows.append((codes - (1 << bits - 1)) * scale)
    order = rng.permutation(inputs)  # the input at each place
    values = np.zeros((outputs, inputs))
    values[:, order] = np.concatenate(rows).T
    packed = (steps.reshape(len(widths), -1, 8).astype(np.uint32) << (4 * np.arange(8, dtype=np.uint32))).sum(2).astype(np.uint32)
    return {
        "l.q_weight": ("I32", np.concatenate(words)), "l.q_scale": ("I32", packed), "l.q_scale_max": ("F16", largest),
        "l.q_groups": ("I16", np.array(limits, "<i2")), "l.q_invperm": ("I32", np.argsort(order).astype("<i4")),
    }, values


CASES = {
    "fp8_tiles_32": tiles(), "fp4_i8": fp4("I8"), "fp4_f4": fp4("F4"), "hqq_4bit": hqq(4, 64, 1, (32, 128)), "hqq_8bit": hqq(8, 128, 1, (12, 256)),
    "hqq_2bit": hqq(2, 16, 1, (24, 64)), "hqq_1bit": hqq(1, 32, 1, (16, 64)), "hqq_3bit": hqq(3, 64, 1, (11, 192)),
    "hqq_4bit_axis0": hqq(4, 64, 0, (24, 96)), "hqq_3bit_axis0": hqq(3, 64, 0, (12, 128)), "exl2": exl2(),
}


def write(path, tensors):
    header, body = {}, b""
    for name, (dtype, array) in tensors.items():
        data = np.ascontiguousarray(array).tobytes()
        shape = list(array.shape)
        if dtype == "F4":
            shape[-1] *= 2
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + body)


def main():
    path = os.path.join(DATA, "report.json")
    with open(path) as file:
        report = [entry for entry in json.load(file) if entry["name"] not in CASES]
    for name, (tensors, values) in CASES.items():
        folder = os.path.join(DATA, name)
        os.makedirs(folder, exist_ok=True)
        write(os.path.join(folder, "model.safetensors"), tensors)
        write(os.path.join(folder, "expected.safetensors"), {"l.weight": ("F32", values.astype(np.float32))})
        # A scale of E8M0 and a code are exact; a difference and a product are rounded, each once.
        report.append({
            "name": name, "note": "testdata/oracle/more_formats.py: packed and decoded by the formula in f64",
            "tensors": {k: [dtype, list(array.shape)] for k, (dtype, array) in tensors.items()},
            "expected": {"l.weight": list(values.shape)}, "max_rel_diff_formula_vs_reference": None,
            "tol": 0 if name.startswith("fp") else 2e-7})
    with open(path, "w") as file:
        json.dump(report, file, indent=1)


main()
