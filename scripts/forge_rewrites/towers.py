"""Vision towers and other parts beside a language model."""
import numpy as np


def trained_like(rng, rows, columns):
    """A random matrix whose rows differ in norm and whose spectrum is not flat."""
    x = rng.standard_normal((rows, columns)).astype(np.float32)
    rank = max(1, min(rows, columns) // 16)
    x += 0.7 * rng.standard_normal((rows, rank)).astype(np.float32) @ rng.standard_normal((rank, columns)).astype(np.float32)
    return x * np.exp(0.3 * rng.standard_normal((rows, 1))).astype(np.float32) * np.float32(0.4 / np.sqrt(columns))


def tower(rng, parameters):
    """A vision tower in SigLIP's layout of about that many parameters, and its width."""
    layers = 4 if parameters < 4e6 else 12
    d = max(16, int(np.sqrt(parameters / (12 * layers))) // 16 * 16)
    layers = max(1, round(parameters / (12 * d * d)))
    base = "vision_tower.vision_model."
    out = {base + "embeddings.patch_embedding.weight": trained_like(rng, d, 3 * 64).reshape(d, 3, 8, 8),
           base + "embeddings.position_embedding.weight": trained_like(rng, 64, d)}
    vector = lambda n, middle: (middle + 0.1 * rng.standard_normal(n)).astype(np.float32)
    for number in range(layers):
        p = base + f"encoder.layers.{number}."
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            out[p + f"self_attn.{name}.weight"], out[p + f"self_attn.{name}.bias"] = trained_like(rng, d, d), vector(d, 0)
        out[p + "mlp.fc1.weight"], out[p + "mlp.fc1.bias"] = trained_like(rng, 4 * d, d), vector(4 * d, 0)
        out[p + "mlp.fc2.weight"], out[p + "mlp.fc2.bias"] = trained_like(rng, d, 4 * d), vector(d, 0)
        for name in ("layer_norm1", "layer_norm2"):
            out[p + name + ".weight"], out[p + name + ".bias"] = vector(d, 1), vector(d, 0)
    out[base + "post_layernorm.weight"], out[base + "post_layernorm.bias"] = vector(d, 1), vector(d, 0)
    return out, d


def attach(model, parts, d, rng):
    """Puts the model under `language_model`, the tower and a new projector beside it."""
    parts = dict(parts)
    parts["multi_modal_projector.linear_1.weight"] = trained_like(rng, model.width, d)
    parts["multi_modal_projector.linear_2.weight"] = trained_like(rng, model.width, model.width)

    def apply(tensors):
        out = {"model." + name: values for name, values in parts.items()}
        for name, values in tensors.items():
            if name.startswith("model."):
                name = "model.language_model." + name[len("model."):]
            elif name.startswith("transformer."):
                name = "model.language_model." + name
            out[name] = values
        return out
    model.store.append(apply)
    model.config = {"architectures": ["LlavaForConditionalGeneration"], "model_type": "llava", "text_config": model.config,
                    "vision_config": {"hidden_size": d}}


def wrap(model, rng, ratio):
    parts, d = tower(rng, model.parameters() * ratio)
    attach(model, parts, d, rng)
