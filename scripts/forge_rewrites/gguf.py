"""GGUF files (version 3) of Llama-like models, as llama.cpp's converter writes them."""
import struct

import numpy as np

from .registry import rewrite

NAMES = {"a": "attn_norm", "m": "ffn_norm", "q": "attn_q", "k": "attn_k", "v": "attn_v", "o": "attn_output", "gate": "ffn_gate", "up": "ffn_up",
         "down": "ffn_down", "qn": "attn_q_norm", "kn": "attn_k_norm"}
F32, F16, Q4_0, Q8_0 = 0, 1, 2, 8


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def interleaved(rows, size):
    """Rows of each head from (i, i + half) to rotary pairs (2 i, 2 i + 1)."""
    return rows.reshape(-1, 2, size // 2, rows.shape[1]).swapaxes(1, 2).reshape(rows.shape)


def encoded(w, kind):
    """The bytes of a tensor, and the kind that it really has: rows that are no multiple of 32 are F16, vectors F32."""
    if w.ndim < 2:
        return F32, w.astype("<f4").tobytes()
    if w.shape[1] % 32 or kind == F16:
        return F16, w.astype("<f2").tobytes()
    x = w.reshape(-1, 32)
    if kind == Q8_0:
        scale = np.abs(x).max(1, keepdims=True) / 127
        codes = np.round(x / np.maximum(scale, 1e-30)).astype(np.int8).view(np.uint8)
    else:
        peak = np.take_along_axis(x, np.abs(x).argmax(1)[:, None], 1)
        scale = peak / -8
        inverse = np.where(scale == 0, 0, 1 / np.where(scale == 0, 1, scale))
        codes = np.clip(np.floor(x * inverse + 8.5), 0, 15).astype(np.uint8)
        codes = codes[:, :16] | codes[:, 16:] << 4
    return kind, np.concatenate([scale.astype("<f2").view(np.uint8), codes], 1).tobytes()


def write(path, model, kind):
    """Writes the model's own tensors, without extras, as one GGUF file."""
    llama = model.layers[0].get("qn") is None
    tensors = {"token_embd.weight": model.embed, "output_norm.weight": model.norm}
    if model.head is not None:
        tensors["output.weight"] = model.head
    for number, layer in enumerate(model.layers):
        for key, name in NAMES.items():
            if layer.get(key) is not None:
                # Only the llama architecture has its queries and keys in the other rotary order.
                values = interleaved(layer[key], model.size) if llama and key in ("q", "k") else layer[key]
                tensors[f"blk.{number}.{name}.weight"] = values
    arch = "llama" if llama else "qwen3"
    numbers = {"context_length": 2048, "embedding_length": model.width, "block_count": len(model.layers), "attention.head_count": model.heads,
               "feed_forward_length": len(model.layers[0]["up"]), "attention.head_count_kv": model.kv, "attention.key_length": model.size}
    fields = [text("general.architecture") + struct.pack("<I", 8) + text(arch)]
    fields += [text(f"{arch}.{key}") + struct.pack("<II", 4, value) for key, value in numbers.items()]
    fields.append(text(f"{arch}.attention.layer_norm_rms_epsilon") + struct.pack("<If", 6, model.eps))
    fields.append(text(f"{arch}.rope.freq_base") + struct.pack("<If", 6, model.theta))
    infos, data, offset = [], [], 0
    for name, values in tensors.items():
        own, content = encoded(np.ascontiguousarray(values, dtype=np.float32), kind)
        shape = values.shape[::-1]
        infos.append(text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, own, offset))
        content += bytes(-len(content) % 32)
        data.append(content)
        offset += len(content)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(fields)) + b"".join(fields) + b"".join(infos)
    with open(path, "wb") as file:
        file.write(head + bytes(-len(head) % 32))
        for content in data:
            file.write(content)


@rewrite("C13-f16", "A GGUF file, F16.", expected=("identical", "derived"), layouts=("llama", "qwen3"))
def as_f16(model, context):
    model.gguf = F16


@rewrite("C13-q8", "A GGUF file, Q8_0.", layouts=("llama", "qwen3"))
def as_q8(model, context):
    model.gguf = Q8_0


@rewrite("C13-q4", "A GGUF file, Q4_0.", layouts=("llama", "qwen3"))
def as_q4(model, context):
    model.gguf = Q4_0


@rewrite("C13-q4-all", "Every rewrite at once, then a GGUF file, Q4_0.", layouts=("llama", "qwen3"))
def as_q4_all(model, context):
    return context.apply(model, "A26", "C13-q4")
