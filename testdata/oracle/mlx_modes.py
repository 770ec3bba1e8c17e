"""Writes testdata/quantised/mlx_*: small matrices as MLX stores them, and what they stand for by the formulas of the format in f64.

MLX itself (PyPI mlx[cpu] 0.32.4) packs the codes and is the check of the formulas. python3 testdata/oracle/mlx_modes.py
"""
import json
import os

import mlx.core as mx
import numpy as np

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "quantised")
E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6])


def e4m3(code):
    sign, exponent, fraction = code >> 7, (code >> 3 & 15).astype(int), code & 7
    value = np.where(exponent == 0, fraction / 8 * 2.0**-6, (1 + fraction / 8) * 2.0 ** (exponent - 7))
    return np.where(sign == 1, -value, value)


def codes_of(words, bits):
    """The codes of rows of words, the lowest bits first; a code may cross from one word to the next."""
    unpacked = np.unpackbits(words.view(np.uint8), axis=-1, bitorder="little")
    unpacked = unpacked.reshape(words.shape[:-1] + (-1, bits))
    return (unpacked.astype(int) << np.arange(bits)).sum(-1)


def meant(words, scales, biases, mode, bits, group):
    """The numbers, in f64."""
    codes = codes_of(words, bits)
    spread = lambda values: np.repeat(values, group, -1)
    if mode == "affine":
        return codes * spread(scales) + spread(biases)
    values = e4m3(codes) if mode == "mxfp8" else E2M1[codes]
    return values * spread(e4m3(scales) if mode == "nvfp4" else 2.0 ** (scales.astype(int) - 127))


def write(path, tensors):
    mx.save_safetensors(path, tensors, metadata={"format": "mlx"})


CASES = [("affine", b, g, t, s) for b, g, t, s in [
    (2, 64, mx.float16, (12, 256)), (3, 64, mx.bfloat16, (12, 256)), (4, 64, mx.bfloat16, (12, 320)), (4, 32, mx.float16, (12, 256)),
    (5, 32, mx.bfloat16, (12, 256)), (6, 64, mx.float16, (12, 256)), (8, 64, mx.bfloat16, (3, 5, 256)), (8, 128, mx.bfloat16, (12, 384)),
]] + [("mxfp4", 4, 32, mx.bfloat16, (12, 256)), ("mxfp8", 8, 32, mx.bfloat16, (12, 256)), ("nvfp4", 4, 16, mx.bfloat16, (3, 5, 256))]


def main():
    path = os.path.join(DATA, "report.json")
    with open(path) as file:
        report = [entry for entry in json.load(file) if not entry["name"].startswith("mlx_")]
    rng = np.random.default_rng(17)
    for mode, bits, group, dtype, shape in CASES:
        w = mx.array(rng.standard_normal(shape).astype(np.float32) * 0.1).astype(dtype)
        found = mx.quantize(w, group_size=group, bits=bits, mode=mode)
        f32 = [x if x.dtype in (mx.uint32, mx.uint8) else x.astype(mx.float32) for x in found]
        words, scales, biases = np.array(f32[0]), np.array(f32[1]), np.array(f32[2]).astype(np.float64) if len(f32) > 2 else None
        values = meant(words, scales if biases is None else scales.astype(np.float64), biases, mode, bits, group)
        own = np.array(mx.dequantize(*f32, group_size=group, bits=bits, mode=mode, dtype=mx.float32)).astype(np.float64)
        difference = float(np.abs(own - values).max() / np.abs(values).max())
        assert difference < 1e-7, (mode, bits, difference)
        name = f"mlx_{bits}bit_{group}" if mode == "affine" else "mlx_" + mode
        folder = os.path.join(DATA, name)
        os.makedirs(folder, exist_ok=True)
        # The gain of the norm before it says how many inputs there are.
        tensors = {"m.weight": found[0], "m.scales": found[1], "norm.weight": mx.ones(shape[-1]).astype(mx.bfloat16)}
        if biases is not None:
            tensors["m.biases"] = found[2]
        write(os.path.join(folder, "model.safetensors"), tensors)
        write(os.path.join(folder, "expected.safetensors"), {"m.weight": mx.array(values.astype(np.float32))})
        with open(os.path.join(folder, "config.json"), "w") as file:
            json.dump({"quantization": {"group_size": group, "bits": bits, "mode": mode}}, file)
            file.write("\n")
        report.append({
            "name": name, "note": "mlx.core.quantize 0.32.4; the formula, which its dequantize agrees with",
            "tensors": {k: [str(v.dtype), list(v.shape)] for k, v in tensors.items()}, "expected": {"m.weight": list(shape)},
            "max_rel_diff_formula_vs_reference": difference, "tol": 0})
    with open(path, "w") as file:
        json.dump(report, file, indent=1)


main()
