"""Quantised formats as they are stored."""
import numpy as np

from .files import Raw, rounded
from .registry import GATED, rewrite


def packed(codes, bits):
    """Codes [rows, columns] in U32, the first one in the lowest bits."""
    count = 32 // bits
    x = codes.astype(np.uint64).reshape(len(codes), -1, count)
    return (x << (np.arange(count, dtype=np.uint64) * bits)).sum(2).astype(np.uint32)


def mlx(bits, size):
    def apply(tensors):
        out = {}
        for name, w in tensors.items():
            g = next((g for g in (size, 64, 32) if w.ndim == 2 and w.shape[1] % g == 0), None)
            if g is None or not name.endswith(".weight") or "router" in name:
                out[name] = w
                continue
            x = w.reshape(len(w), -1, g)
            low, high = x.min(2), x.max(2)
            # As MLX does: the larger end of a group is met exactly.
            scale = np.maximum((high - low) / (2 ** bits - 1), 1e-7)
            side = np.abs(low) > np.abs(high)
            scale = np.where(side, scale, -scale)
            edge = np.where(side, low, high)
            steps = np.round(edge / scale)
            scale = np.where(steps != 0, edge / np.where(steps == 0, 1, steps), scale)
            bias = np.where(steps == 0, 0, edge)
            scale, bias = rounded(scale.astype(np.float32)), rounded(bias.astype(np.float32))
            codes = np.clip(np.round((x - bias[..., None]) / scale[..., None]), 0, 2 ** bits - 1)
            stem = name[:-len("weight")]
            out[name] = Raw("U32", packed(codes.reshape(w.shape), bits))
            out[stem + "scales"], out[stem + "biases"] = scale, bias
        return out
    return apply


def as_mlx(model, bits):
    model.store.append(mlx(bits, 64))
    model.config["quantization"] = {"group_size": 64, "bits": bits}


@rewrite("C12-4", "MLX, 4 bits: codes packed in U32, scales and biases per group.", layouts=GATED)
def mlx4(model, context):
    as_mlx(model, 4)


@rewrite("C12-8", "MLX, 8 bits.", layouts=GATED)
def mlx8(model, context):
    as_mlx(model, 8)


@rewrite("C12-4-R1", "The residual basis rotated, then MLX, 4 bits.", layouts=GATED)
def mlx4_rotated(model, context):
    return context.apply(model, "A9", "C12-4")


@rewrite("C12-4-all", "Every rewrite at once, then MLX, 4 bits.", layouts=GATED)
def mlx4_all(model, context):
    return context.apply(model, "A26", "C12-4")


@rewrite("C11", "HQQ: 4-bit codes of all groups in U8, first half in the high bits; zero and scale per group.", expected=("derived", "insufficient"),
         layouts=GATED)
def hqq(model, context):
    def apply(tensors):
        out = {}
        for name, w in tensors.items():
            if w.ndim != 2 or w.size % 128 or "_proj" not in name:
                out[name] = w
                continue
            x = w.reshape(-1, 64)
            low, high = x.min(1, keepdims=True), x.max(1, keepdims=True)
            scale = np.maximum((high - low) / 15, 1e-8)
            zero = -low / scale
            codes = np.clip(np.round(x / scale + zero), 0, 15).astype(np.uint8)
            half = len(codes) // 2
            stem = name[:-len("weight")]
            out[stem + "W_q"] = Raw("U8", codes[:half] << 4 | codes[half:2 * half])
            out[stem + "scale"], out[stem + "zero"] = scale.astype(np.float32), zero.astype(np.float32)
            out[stem + "shape"] = Raw("I64", np.array(w.shape))
        return out
    model.store.append(apply)
