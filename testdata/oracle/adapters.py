"""Adapters and what PEFT makes of their bases: writes testdata/adapters anew.

Versions: Python 3.11.7, torch 2.13.0 (CPU), peft 0.21.2, transformers 5.23.0, safetensors 0.8.0.
Run: python3 testdata/oracle/adapters.py  (a minute; nothing is fetched)

A base is a folder `base-*`. A case is a folder with the adapter as `save_pretrained` writes it and `merged.safetensors`: the tensors of the
base's file that `merge_and_unload` changed or added, in the names and layout of that file. `cases.json` says which base belongs to which case.
"""
import contextlib
import io
import json
import os
import shutil
import tempfile
import warnings

import torch
import transformers
from peft import IA3Config, LoHaConfig, LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(os.path.dirname(HERE), "adapters")

LLAMA = dict(
    vocab_size=40, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
    max_position_embeddings=32, attention_bias=True, tie_word_embeddings=False)
MOE = dict(
    vocab_size=24, hidden_size=16, intermediate_size=24, moe_intermediate_size=12, num_hidden_layers=1, num_attention_heads=2,
    num_key_value_heads=1, head_dim=8, num_experts=3, num_experts_per_tok=2, max_position_embeddings=32)
OSS = dict(
    vocab_size=24, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1,
    head_dim=8, num_local_experts=3, num_experts_per_tok=2, layer_types=["full_attention"], max_position_embeddings=32)
MIXTRAL = dict(
    vocab_size=24, hidden_size=16, intermediate_size=12, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1,
    num_local_experts=2, num_experts_per_tok=1, max_position_embeddings=32)

# Bases: class, config, dtype, whether the file has the names and stacks that the class has in memory.
BASES = {
    "base-llama": ("LlamaForCausalLM", "LlamaConfig", LLAMA, torch.float32, False),
    "base-llama-bf16": ("LlamaForCausalLM", "LlamaConfig", LLAMA, torch.bfloat16, False),
    "base-llama-tied": ("LlamaForCausalLM", "LlamaConfig", LLAMA | dict(tie_word_embeddings=True), torch.float32, False),
    "base-gpt2": (
        "GPT2LMHeadModel", "GPT2Config", dict(vocab_size=40, n_embd=16, n_layer=2, n_head=2, n_positions=16), torch.float32, False),
    "base-moe": ("Qwen3MoeForCausalLM", "Qwen3MoeConfig", MOE, torch.float32, True),
    "base-moe-split": ("Qwen3MoeForCausalLM", "Qwen3MoeConfig", MOE, torch.float32, False),
    "base-moe-square": ("Qwen3MoeForCausalLM", "Qwen3MoeConfig", MOE | dict(moe_intermediate_size=16), torch.float32, True),
    "base-mixtral": ("MixtralForCausalLM", "MixtralConfig", MIXTRAL, torch.float32, False),
    "base-gptoss": ("GptOssForCausalLM", "GptOssConfig", OSS, torch.float32, True),
}


def lora(**options):
    return LoraConfig(**(dict(r=4, lora_alpha=6, init_lora_weights=False, lora_dropout=0.0, bias="none", task_type="CAUSAL_LM") | options))


EXPERTS = ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"]
# Cases: base, config.
CASES = {
    "lora": ("base-llama", lora(target_modules=["q_proj", "v_proj"])),
    "lora-bf16": ("base-llama-bf16", lora(target_modules=["q_proj", "down_proj"])),
    "rslora": ("base-llama", lora(target_modules=["k_proj", "down_proj"], use_rslora=True)),
    "dora": ("base-llama", lora(r=3, target_modules=["q_proj", "down_proj"], use_dora=True)),
    "dora-bf16": ("base-llama-bf16", lora(r=3, target_modules=["up_proj"], use_dora=True)),
    "patterns": (
        "base-llama",
        lora(
            target_modules="all-linear",
            rank_pattern={"q_proj": 2, r"layers\.1\.mlp\.(gate|up)_proj": 6, r"^model\.layers\.0\.self_attn\.o_proj": 3, r"layers\.[2-9]\..*": 9},
            alpha_pattern={"o_proj": 8, r"model.*layers\.1\..*gate_proj": 5, r"[kv]_proj": 3, "proj": 100, r"layers\.\d+\.mlp\.down_proj": 2.5, "down_proj": 77})),
    "embedding": ("base-llama", lora(target_modules=["embed_tokens", "o_proj"])),
    "dora-embedding": ("base-llama", lora(target_modules=["embed_tokens"], use_dora=True)),
    "whole": ("base-llama", lora(target_modules=["q_proj"], modules_to_save=["lm_head", "norm"])),
    "bias-all": ("base-llama", lora(target_modules=["q_proj", "down_proj"], bias="all")),
    "bias-lora-only": ("base-llama", lora(target_modules=["v_proj"], bias="lora_only")),
    "lora-bias": ("base-llama", lora(target_modules=["q_proj", "v_proj"], lora_bias=True)),
    "tokens": ("base-llama", lora(target_modules=["k_proj"], trainable_token_indices=[7, 3, 39])),
    "head": ("base-llama", lora(target_modules=["lm_head"])),
    "pissa": ("base-llama", lora(target_modules=["q_proj"], init_lora_weights="pissa")),
    "tied-embedding": ("base-llama-tied", lora(target_modules=["embed_tokens"])),
    "tied-head": ("base-llama-tied", lora(target_modules=["lm_head", "q_proj"])),
    "tied-whole-head": ("base-llama-tied", lora(target_modules=["q_proj"], modules_to_save=["lm_head"])),
    "tied-tokens": ("base-llama-tied", lora(target_modules=["q_proj"], trainable_token_indices={"embed_tokens": [0, 5]})),
    "gpt2": ("base-gpt2", lora(target_modules=["c_attn", "c_proj"], fan_in_fan_out=True)),
    "gpt2-dora": ("base-gpt2", lora(target_modules=["c_attn", "c_fc"], fan_in_fan_out=True, use_dora=True)),
    "gpt2-bias": ("base-gpt2", lora(target_modules=["c_attn"], fan_in_fan_out=True, bias="all")),
    "gpt2-lora-bias": ("base-gpt2", lora(target_modules=["c_attn"], fan_in_fan_out=True, lora_bias=True, use_rslora=True)),
    "experts-one": ("base-moe", lora(r=2, target_modules=[], target_parameters=EXPERTS[1:])),
    "experts-two": (
        "base-moe",
        lora(r=2, target_modules=["q_proj"], target_parameters=EXPERTS, alpha_pattern={"experts.down_proj": 9, "q_proj": 1}, rank_pattern={"experts.gate_up_proj": 3})),
    "experts-router": ("base-moe", lora(r=2, target_modules=[], target_parameters=["mlp.gate.weight"], alpha_pattern={"gate.weight": 3, "gate": 50})),
    "experts-square": ("base-moe-square", lora(r=2, target_modules=[], target_parameters=EXPERTS)),
    "experts-split": ("base-moe-split", lora(r=2, target_modules=[], target_parameters=EXPERTS, rank_pattern={"experts.gate_up_proj": 3})),
    "experts-mixtral": ("base-mixtral", lora(r=2, target_modules=[], target_parameters=EXPERTS)),
    "experts-transposed": ("base-gptoss", lora(r=2, target_modules=[], target_parameters=EXPERTS)),
    "experts-transposed-one": ("base-gptoss", lora(r=2, target_modules=[], target_parameters=EXPERTS[1:])),
    "loha": ("base-llama", LoHaConfig(r=2, alpha=4, target_modules=["q_proj"], init_weights=False, task_type="CAUSAL_LM")),
    "ia3": ("base-llama", IA3Config(target_modules=["k_proj", "down_proj"], feedforward_modules=["down_proj"], task_type="CAUSAL_LM")),
}


def randomise(model, scale):
    """Norm gains and biases too: a change must not hide behind ones and zeros."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape).to(parameter.dtype) * scale)


def save(model, folder, in_memory):
    model.save_pretrained(folder, **({"save_original_format": False} if in_memory else {}))


def fresh(base):
    cls, config_cls, options, dtype, in_memory = BASES[base]
    torch.manual_seed(sum(map(ord, base)))
    model = getattr(transformers, cls)(getattr(transformers, config_cls)(**options)).to(dtype).eval()
    randomise(model, 0.1)
    return model, in_memory


def write_base(base):
    model, in_memory = fresh(base)
    folder = os.path.join(OUT, base)
    with tempfile.TemporaryDirectory() as place:
        save(model, place, in_memory)
        os.makedirs(folder)
        shutil.copy(os.path.join(place, "model.safetensors"), folder)
    return load_file(os.path.join(folder, "model.safetensors"))


def write_case(name, base, config, tensors):
    model, in_memory = fresh(base)
    torch.manual_seed(sum(map(ord, name)))
    low = BASES[base][3] != torch.float32
    peft = get_peft_model(model, config, autocast_adapter_dtype=not low)
    with torch.no_grad():
        for parameter in peft.parameters():
            if parameter.requires_grad:
                parameter.add_((torch.randn(parameter.shape) * 0.1).to(parameter.dtype))
    folder = os.path.join(OUT, name)
    peft.save_pretrained(folder)
    os.remove(os.path.join(folder, "README.md"))
    path = os.path.join(folder, "adapter_config.json")
    written = json.load(open(path))
    written["base_model_name_or_path"] = "../" + base
    for key, value in written.items():  # sets, saved in any order
        if key.startswith("target_") and isinstance(value, list):
            written[key] = sorted(value)
    with open(path, "w") as file:
        json.dump(written, file, indent=1)
    if name in ("pissa", "loha", "ia3"):
        return
    # As whoever loads the folder sees it: in it, patterns are sorted by their text, which decides between those that match the same module.
    peft = PeftModel.from_pretrained(fresh(base)[0], folder, autocast_adapter_dtype=not low)
    head = None
    if name == "tied-head":
        # Merging in place would change the table that the head shares; the model that runs has a head of its own.
        layer = peft.base_model.model.lm_head
        head = layer.base_layer.weight.detach().clone() + layer.get_delta_weight("default").detach()
        base_table = tensors["model.embed_tokens.weight"]
    merged = peft.merge_and_unload()
    with tempfile.TemporaryDirectory() as place:
        save(merged, place, in_memory)
        after = load_file(os.path.join(place, "model.safetensors"))
    if head is not None:
        after["lm_head.weight"] = head
        after["model.embed_tokens.weight"] = base_table
    gone = set(tensors) - set(after)
    assert not gone, gone
    changed = {key: value.contiguous() for key, value in after.items() if key not in tensors or not torch.equal(value, tensors[key])}
    assert changed, name
    save_file(changed, os.path.join(folder, "merged.safetensors"))


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    tensors = {base: write_base(base) for base in BASES}
    for name, (base, config) in CASES.items():
        with contextlib.redirect_stdout(io.StringIO()):
            write_case(name, base, config, tensors[base])
    index = {name: base for name, (base, _) in CASES.items()}
    with open(os.path.join(OUT, "cases.json"), "w") as file:
        json.dump(index, file, indent=1)


if __name__ == "__main__":
    main()
