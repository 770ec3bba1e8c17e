"""Writes testdata/architectures-2026.json: names and shapes of small checkpoints of the architectures of 2026.

Where transformers has the type, the names are those that it would write for a small configuration (models on the device "meta", its renaming
of checkpoints taken back); for the others they are written out below, from the original repositories. Each case says which entry of
unmask's table it is; nothing else here knows the table.

python3 -m pip install --target /tmp/trf torch transformers
PYTHONPATH=/tmp/trf python3 testdata/oracle/architectures_2026.py
"""
import json
import os
import re
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
HERE = os.path.dirname(os.path.abspath(__file__))

sys.path.insert(0, os.path.join(HERE, "..", "..", "Tests", "Peers"))
from tiny_2026 import KINDS, configuration


def built(kind, extra, layers):
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.core_model_loading import revert_weight_conversion

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(configuration(kind, extra, layers))
    tied = set(getattr(model, "all_tied_weights_keys", None) or {})
    state = {name: tensor for name, tensor in model.state_dict().items() if name not in tied}
    return {name: list(tensor.shape) for name, tensor in revert_weight_conversion(model, state).items()}


def written(text, layers, experts=3, start=0):
    """Names and shapes from lines `name shape`, with # for layers and @ for experts; `#{0}{2}` stands for layers 0 and 2."""
    found = {}
    for line in filter(None, text.strip().splitlines()):
        name, *shape = line.split()
        shape = [int(size) for size in shape]
        only = [int(number) for number in re.findall(r"\{(\d+)\}", name)]
        name = re.sub(r"\{\d+\}", "", name)
        for layer in (only or range(start, layers)) if "#" in name else [0]:
            for expert in range(experts) if "@" in name else [0]:
                found[name.replace("#", str(layer)).replace("@", str(expert))] = shape
    return found


LLAMA = """
model.embed_tokens.weight 160 64
model.layers.#.self_attn.q_proj.weight 64 64
model.layers.#.self_attn.k_proj.weight 32 64
model.layers.#.self_attn.v_proj.weight 32 64
model.layers.#.self_attn.o_proj.weight 64 64
model.layers.#.input_layernorm.weight 64
model.layers.#.post_attention_layernorm.weight 64
model.norm.weight 64
lm_head.weight 160 64
"""
DENSE = """
model.layers.#.mlp.gate_proj.weight 96 64
model.layers.#.mlp.up_proj.weight 96 64
model.layers.#.mlp.down_proj.weight 64 96
"""
WRITTEN = {
    "deepseek_v4-original": ("deepseek_v4", """
embed.weight 160 64
head.weight 160 64
norm.weight 64
hc_head_fn 2 128
hc_head_base 2
hc_head_scale 1
layers.#.attn_norm.weight 64
layers.#.ffn_norm.weight 64
layers.#.hc_attn_fn 8 128
layers.#.hc_attn_base 8
layers.#.hc_attn_scale 3
layers.#.hc_ffn_fn 8 128
layers.#.hc_ffn_base 8
layers.#.hc_ffn_scale 3
layers.#.attn.wq_a.weight 24 64
layers.#.attn.q_norm.weight 24
layers.#.attn.wq_b.weight 64 24
layers.#.attn.wkv.weight 16 64
layers.#.attn.kv_norm.weight 16
layers.#.attn.attn_sink 4
layers.#.attn.wo_a.weight 32 32
layers.#.attn.wo_b.weight 64 32
layers.#.ffn.gate.weight 3 64
layers.#.ffn.gate.bias 3
layers.#.ffn.experts.@.w1.weight 32 64
layers.#.ffn.experts.@.w2.weight 64 32
layers.#.ffn.experts.@.w3.weight 32 64
layers.#.ffn.shared_experts.w1.weight 32 64
layers.#.ffn.shared_experts.w2.weight 64 32
layers.#.ffn.shared_experts.w3.weight 32 64
"""),
    "bailing_moe": ("bailing_moe", """
model.word_embeddings.weight 160 64
model.layers.#.input_layernorm.weight 64
model.layers.#.post_attention_layernorm.weight 64
model.layers.#.attention.query_key_value.weight 128 64
model.layers.#.attention.dense.weight 64 64
model.layers.#.attention.query_layernorm.weight 16
model.layers.#.attention.key_layernorm.weight 16
model.layers.#{0}.mlp.gate_proj.weight 96 64
model.layers.#{0}.mlp.up_proj.weight 96 64
model.layers.#{0}.mlp.down_proj.weight 64 96
model.layers.#{1}{2}.mlp.gate.weight 3 64
model.layers.#{1}{2}.mlp.gate.expert_bias 3
model.layers.#{1}{2}.mlp.experts.@.gate_proj.weight 32 64
model.layers.#{1}{2}.mlp.experts.@.up_proj.weight 32 64
model.layers.#{1}{2}.mlp.experts.@.down_proj.weight 64 32
model.layers.#{1}{2}.mlp.shared_experts.gate_proj.weight 32 64
model.layers.#{1}{2}.mlp.shared_experts.up_proj.weight 32 64
model.layers.#{1}{2}.mlp.shared_experts.down_proj.weight 64 32
model.norm.weight 64
lm_head.weight 160 64
"""),
    "minimax_m3": ("minimax_m3", LLAMA.replace("model.", "language_model.model.").replace("lm_head", "language_model.lm_head") + """
language_model.model.layers.#.self_attn.q_norm.weight 16
language_model.model.layers.#.self_attn.k_norm.weight 16
language_model.model.layers.#.self_attn.index_q_proj.weight 16 64
language_model.model.layers.#.self_attn.index_k_proj.weight 16 64
language_model.model.layers.#.self_attn.index_q_norm.weight 16
language_model.model.layers.#.self_attn.index_k_norm.weight 16
language_model.model.layers.#.block_sparse_moe.gate.weight 3 64
language_model.model.layers.#.block_sparse_moe.e_score_correction_bias 3
language_model.model.layers.#.block_sparse_moe.experts.@.w1.weight 32 64
language_model.model.layers.#.block_sparse_moe.experts.@.w2.weight 64 32
language_model.model.layers.#.block_sparse_moe.experts.@.w3.weight 32 64
language_model.model.layers.#.block_sparse_moe.shared_experts.gate_proj.weight 32 64
language_model.model.layers.#.block_sparse_moe.shared_experts.up_proj.weight 32 64
language_model.model.layers.#.block_sparse_moe.shared_experts.down_proj.weight 64 32
"""),
    "step3p5": ("step3p5", LLAMA + """
model.layers.#.self_attn.q_norm.weight 16
model.layers.#.self_attn.k_norm.weight 16
model.layers.#.self_attn.g_proj.weight 4 64
model.layers.#{0}.mlp.gate_proj.weight 96 64
model.layers.#{0}.mlp.up_proj.weight 96 64
model.layers.#{0}.mlp.down_proj.weight 64 96
model.layers.#{1}{2}.moe.gate.weight 3 64
model.layers.#{1}{2}.moe.router_bias 3
model.layers.#{1}{2}.moe.gate_proj.weight 3 32 64
model.layers.#{1}{2}.moe.up_proj.weight 3 32 64
model.layers.#{1}{2}.moe.down_proj.weight 3 64 32
model.layers.#{1}{2}.share_expert.gate_proj.weight 32 64
model.layers.#{1}{2}.share_expert.up_proj.weight 32 64
model.layers.#{1}{2}.share_expert.down_proj.weight 64 32
"""),
    "deci": ("deci", re.sub(r"#\.self_attn", "#{0}{1}.self_attn", LLAMA) + re.sub(r"#\.mlp", "#{0}{2}.mlp", DENSE) + """
model.layers.#{2}.self_attn.linear_attn.weight 64 64
model.layers.#{1}.mlp.linear_mlp.weight 64 64
"""),
    "mllama": ("mllama", re.sub(r"#\.self_attn", "#{0}{2}.self_attn", LLAMA).replace("model.", "language_model.model.").replace(
        "lm_head", "language_model.lm_head") + DENSE.replace("model.", "language_model.model.") + """
language_model.model.layers.#{1}.cross_attn.q_proj.weight 64 64
language_model.model.layers.#{1}.cross_attn.k_proj.weight 32 64
language_model.model.layers.#{1}.cross_attn.v_proj.weight 32 64
language_model.model.layers.#{1}.cross_attn.o_proj.weight 64 64
language_model.model.layers.#{1}.cross_attn.q_norm.weight 16
language_model.model.layers.#{1}.cross_attn.k_norm.weight 16
language_model.model.layers.#{1}.cross_attn_attn_gate 1
language_model.model.layers.#{1}.cross_attn_mlp_gate 1
"""),
    "dory": ("dory", """
backbone.embeddings.weight 160 64
backbone.layers.#.self_attn.q_proj.weight 64 64
backbone.layers.#.self_attn.k_proj.weight 32 64
backbone.layers.#.self_attn.v_proj.weight 32 64
backbone.layers.#.self_attn.g_proj.weight 64 64
backbone.layers.#.self_attn.o_proj.weight 64 64
backbone.layers.#.self_attn.sqk 64
backbone.layers.#.self_attn.s_gate 64
backbone.layers.#.mlp.gate_proj.weight 96 64
backbone.layers.#.mlp.up_proj.weight 96 64
backbone.layers.#.mlp.down_proj.weight 64 96
backbone.layers.#.mlp.suv_gate 96
backbone.layers.#.mlp.suv_up 96
backbone.layers.#.lambda_1 64
backbone.layers.#.lambda_2 64
lm_head.weight 160 64
lm_head.logit_scale 160
"""),
    "rwkv7": ("rwkv7", """
model.embeddings.weight 160 64
model.layers.#{0}.pre_norm.weight 64
model.layers.#{0}.pre_norm.bias 64
model.layers.#.attn_norm.weight 64
model.layers.#.attn_norm.bias 64
model.layers.#.ffn_norm.weight 64
model.layers.#.ffn_norm.bias 64
model.layers.#.attn.r_proj.weight 64 64
model.layers.#.attn.k_proj.weight 64 64
model.layers.#.attn.v_proj.weight 64 64
model.layers.#.attn.o_proj.weight 64 64
model.layers.#.attn.w_lora.lora.0.weight 16 64
model.layers.#.attn.w_lora.lora.2.weight 64 16
model.layers.#.attn.w_lora.lora.2.bias 64
model.layers.#.attn.a_lora.lora.0.weight 16 64
model.layers.#.attn.a_lora.lora.2.weight 64 16
model.layers.#.attn.a_lora.lora.2.bias 64
model.layers.#{1}{2}.attn.v_lora.lora.0.weight 16 64
model.layers.#{1}{2}.attn.v_lora.lora.2.weight 64 16
model.layers.#{1}{2}.attn.v_lora.lora.2.bias 64
model.layers.#.attn.g_lora.lora.0.weight 16 64
model.layers.#.attn.g_lora.lora.2.weight 64 16
model.layers.#.attn.x_r 1 1 64
model.layers.#.attn.x_w 1 1 64
model.layers.#.attn.x_k 1 1 64
model.layers.#.attn.x_v 1 1 64
model.layers.#.attn.x_a 1 1 64
model.layers.#.attn.x_g 1 1 64
model.layers.#.attn.k_k 64
model.layers.#.attn.k_a 64
model.layers.#.attn.r_k 4 16
model.layers.#.attn.g_norm.weight 64
model.layers.#.attn.g_norm.bias 64
model.layers.#.ffn.key.weight 256 64
model.layers.#.ffn.value.weight 64 256
model.layers.#.ffn.x_k 64
model.norm.weight 64
model.norm.bias 64
lm_head.weight 160 64
"""),
    "rwkv7-original": ("rwkv_original", """
emb.weight 160 64
head.weight 160 64
ln_out.weight 64
ln_out.bias 64
blocks.#{0}.ln0.weight 64
blocks.#{0}.ln0.bias 64
blocks.#.ln1.weight 64
blocks.#.ln1.bias 64
blocks.#.ln2.weight 64
blocks.#.ln2.bias 64
blocks.#.att.x_r 1 1 64
blocks.#.att.x_w 1 1 64
blocks.#.att.x_k 1 1 64
blocks.#.att.x_v 1 1 64
blocks.#.att.x_a 1 1 64
blocks.#.att.x_g 1 1 64
blocks.#.att.w0 1 1 64
blocks.#.att.w1 64 16
blocks.#.att.w2 16 64
blocks.#.att.a0 1 1 64
blocks.#.att.a1 64 16
blocks.#.att.a2 16 64
blocks.#.att.g1 64 16
blocks.#.att.g2 16 64
blocks.#.att.k_k 1 1 64
blocks.#.att.k_a 1 1 64
blocks.#.att.r_k 4 16
blocks.#.att.receptance.weight 64 64
blocks.#.att.key.weight 64 64
blocks.#.att.value.weight 64 64
blocks.#.att.output.weight 64 64
blocks.#.att.ln_x.weight 64
blocks.#.att.ln_x.bias 64
blocks.#.ffn.x_k 1 1 64
blocks.#.ffn.key.weight 256 64
blocks.#.ffn.value.weight 64 256
"""),
    "llada": ("llada", """
model.transformer.wte.weight 160 64
model.transformer.ln_f.weight 64
model.transformer.ff_out.weight 160 64
model.transformer.blocks.#.q_proj.weight 64 64
model.transformer.blocks.#.k_proj.weight 64 64
model.transformer.blocks.#.v_proj.weight 64 64
model.transformer.blocks.#.attn_out.weight 64 64
model.transformer.blocks.#.ff_proj.weight 96 64
model.transformer.blocks.#.up_proj.weight 96 64
model.transformer.blocks.#.ff_out.weight 64 96
model.transformer.blocks.#.attn_norm.weight 64
model.transformer.blocks.#.ff_norm.weight 64
"""),
    "olmo_original": ("olmo_original", """
model.transformer.wte.weight 160 64
model.transformer.ff_out.weight 160 64
model.transformer.blocks.#.att_proj.weight 192 64
model.transformer.blocks.#.attn_out.weight 64 64
model.transformer.blocks.#.ff_proj.weight 192 64
model.transformer.blocks.#.ff_out.weight 64 96
"""),
}
# Towers, each beside a small language model.
TOWERS = {
    "pixtral": """
vision_tower.patch_conv.weight 48 3 4 4
vision_tower.ln_pre.weight 48
vision_tower.transformer.layers.#.attention_norm.weight 48
vision_tower.transformer.layers.#.ffn_norm.weight 48
vision_tower.transformer.layers.#.attention.q_proj.weight 48 48
vision_tower.transformer.layers.#.attention.k_proj.weight 48 48
vision_tower.transformer.layers.#.attention.v_proj.weight 48 48
vision_tower.transformer.layers.#.attention.o_proj.weight 48 48
vision_tower.transformer.layers.#.feed_forward.gate_proj.weight 80 48
vision_tower.transformer.layers.#.feed_forward.up_proj.weight 80 48
vision_tower.transformer.layers.#.feed_forward.down_proj.weight 48 80
""",
    "intern_vit": """
vision_model.embeddings.class_embedding 1 1 48
vision_model.embeddings.position_embedding 1 17 48
vision_model.embeddings.patch_embedding.weight 48 3 4 4
vision_model.embeddings.patch_embedding.bias 48
vision_model.encoder.layers.#.attn.qkv.weight 144 48
vision_model.encoder.layers.#.attn.qkv.bias 144
vision_model.encoder.layers.#.attn.proj.weight 48 48
vision_model.encoder.layers.#.attn.proj.bias 48
vision_model.encoder.layers.#.mlp.fc1.weight 80 48
vision_model.encoder.layers.#.mlp.fc1.bias 80
vision_model.encoder.layers.#.mlp.fc2.weight 48 80
vision_model.encoder.layers.#.mlp.fc2.bias 48
vision_model.encoder.layers.#.norm1.weight 48
vision_model.encoder.layers.#.norm1.bias 48
vision_model.encoder.layers.#.norm2.weight 48
vision_model.encoder.layers.#.norm2.bias 48
vision_model.encoder.layers.#.ls1 48
vision_model.encoder.layers.#.ls2 48
""",
    "moon_vit": """
vision_tower.patch_embed.proj.weight 48 3 4 4
vision_tower.patch_embed.proj.bias 48
vision_tower.patch_embed.pos_emb.weight 8 8 48
vision_tower.encoder.blocks.#.norm0.weight 48
vision_tower.encoder.blocks.#.norm0.bias 48
vision_tower.encoder.blocks.#.norm1.weight 48
vision_tower.encoder.blocks.#.norm1.bias 48
vision_tower.encoder.blocks.#.wqkv.weight 144 48
vision_tower.encoder.blocks.#.wqkv.bias 144
vision_tower.encoder.blocks.#.wo.weight 48 48
vision_tower.encoder.blocks.#.wo.bias 48
vision_tower.encoder.blocks.#.mlp.fc0.weight 80 48
vision_tower.encoder.blocks.#.mlp.fc0.bias 80
vision_tower.encoder.blocks.#.mlp.fc1.weight 48 80
vision_tower.encoder.blocks.#.mlp.fc1.bias 48
vision_tower.encoder.final_layernorm.weight 48
vision_tower.encoder.final_layernorm.bias 48
""",
    "radio": """
vision_model.radio_model.model.patch_generator.embedder.weight 48 48
vision_model.radio_model.model.patch_generator.pos_embed 1 64 48
vision_model.radio_model.model.patch_generator.cls_token.token 4 48
vision_model.radio_model.model.blocks.#.norm1.weight 48
vision_model.radio_model.model.blocks.#.norm1.bias 48
vision_model.radio_model.model.blocks.#.norm2.weight 48
vision_model.radio_model.model.blocks.#.norm2.bias 48
vision_model.radio_model.model.blocks.#.attn.qkv.weight 144 48
vision_model.radio_model.model.blocks.#.attn.qkv.bias 144
vision_model.radio_model.model.blocks.#.attn.proj.weight 48 48
vision_model.radio_model.model.blocks.#.attn.proj.bias 48
vision_model.radio_model.model.blocks.#.mlp.fc1.weight 80 48
vision_model.radio_model.model.blocks.#.mlp.fc1.bias 80
vision_model.radio_model.model.blocks.#.mlp.fc2.weight 48 80
vision_model.radio_model.model.blocks.#.mlp.fc2.bias 48
""",
    "qwen3_vl": """
visual.patch_embed.proj.weight 48 3 2 4 4
visual.patch_embed.proj.bias 48
visual.pos_embed.weight 64 48
visual.blocks.#.norm1.weight 48
visual.blocks.#.norm1.bias 48
visual.blocks.#.norm2.weight 48
visual.blocks.#.norm2.bias 48
visual.blocks.#.attn.qkv.weight 144 48
visual.blocks.#.attn.qkv.bias 144
visual.blocks.#.attn.proj.weight 48 48
visual.blocks.#.attn.proj.bias 48
visual.blocks.#.mlp.linear_fc1.weight 80 48
visual.blocks.#.mlp.linear_fc1.bias 80
visual.blocks.#.mlp.linear_fc2.weight 48 80
visual.blocks.#.mlp.linear_fc2.bias 48
visual.merger.norm.weight 48
visual.merger.norm.bias 48
visual.merger.linear_fc1.weight 192 192
visual.merger.linear_fc1.bias 192
visual.merger.linear_fc2.weight 64 192
visual.merger.linear_fc2.bias 64
visual.deepstack_merger_list.0.norm.weight 192
visual.deepstack_merger_list.0.norm.bias 192
visual.deepstack_merger_list.0.linear_fc1.weight 192 192
visual.deepstack_merger_list.0.linear_fc1.bias 192
visual.deepstack_merger_list.0.linear_fc2.weight 64 192
visual.deepstack_merger_list.0.linear_fc2.bias 64
""",
    "whisper_encoder": """
audio_tower.conv1.weight 48 20 3
audio_tower.conv1.bias 48
audio_tower.conv2.weight 48 48 3
audio_tower.conv2.bias 48
audio_tower.embed_positions.weight 100 48
audio_tower.layers.#.self_attn.q_proj.weight 48 48
audio_tower.layers.#.self_attn.q_proj.bias 48
audio_tower.layers.#.self_attn.k_proj.weight 48 48
audio_tower.layers.#.self_attn.v_proj.weight 48 48
audio_tower.layers.#.self_attn.v_proj.bias 48
audio_tower.layers.#.self_attn.out_proj.weight 48 48
audio_tower.layers.#.self_attn.out_proj.bias 48
audio_tower.layers.#.self_attn_layer_norm.weight 48
audio_tower.layers.#.self_attn_layer_norm.bias 48
audio_tower.layers.#.final_layer_norm.weight 48
audio_tower.layers.#.final_layer_norm.bias 48
audio_tower.layers.#.fc1.weight 80 48
audio_tower.layers.#.fc1.bias 80
audio_tower.layers.#.fc2.weight 48 80
audio_tower.layers.#.fc2.bias 48
audio_tower.layer_norm.weight 48
audio_tower.layer_norm.bias 48
""",
    "phi4_audio": """
model.embed_tokens_extend.audio_embed.encoder.embed.conv.0.weight 48 1 3 3
model.embed_tokens_extend.audio_embed.encoder.embed.conv.0.bias 48
model.embed_tokens_extend.audio_embed.encoder.embed.conv.2.weight 48 1 3 3
model.embed_tokens_extend.audio_embed.encoder.embed.conv.2.bias 48
model.embed_tokens_extend.audio_embed.encoder.embed.out.weight 48 96
model.embed_tokens_extend.audio_embed.encoder.embed.out.bias 48
model.embed_tokens_extend.audio_embed.encoder.relative_attention_bias_layer.bias_values.weight 20 4
model.embed_tokens_extend.audio_embed.encoder.encoders.#.self_attn.q_proj.weight 48 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.self_attn.q_proj.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.self_attn.k_proj.weight 48 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.self_attn.k_proj.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.self_attn.v_proj.weight 48 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.self_attn.v_proj.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.self_attn.o_proj.weight 48 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.self_attn.o_proj.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.layer_norm_att.weight 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.layer_norm_att.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.layer_norm.weight 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.layer_norm.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_in.layer_norm.weight 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_in.layer_norm.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_out.layer_norm.weight 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_out.layer_norm.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.layer_norm.weight 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.layer_norm.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_in.gate_up_proj.weight 160 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_in.gate_up_proj.bias 160
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_in.down_proj.weight 48 80
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_in.down_proj.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_out.gate_up_proj.weight 160 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_out.gate_up_proj.bias 160
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_out.down_proj.weight 48 80
model.embed_tokens_extend.audio_embed.encoder.encoders.#.feed_forward_out.down_proj.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.glu.ext_pw_conv_1d.weight 96 48 1
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.glu.ext_pw_conv_1d.bias 96
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.glu.b1 1 48 1
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.glu.b2 1 48 1
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.dw_sep_conv_1d.dw_conv.weight 48 1 3
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.dw_sep_conv_1d.dw_conv.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.dw_sep_conv_1d.pw_conv.weight 48 48 1
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.dw_sep_conv_1d.pw_conv.bias 48
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.ext_pw_conv_1d.weight 48 48 1
model.embed_tokens_extend.audio_embed.encoder.encoders.#.conv.ext_pw_conv_1d.bias 48
""",
    "siglip2": """
vision_tower.vision_model.embeddings.patch_embedding.weight 48 48
vision_tower.vision_model.embeddings.patch_embedding.bias 48
vision_tower.vision_model.embeddings.position_embedding.weight 64 48
vision_tower.vision_model.encoder.layers.#.layer_norm1.weight 48
vision_tower.vision_model.encoder.layers.#.layer_norm1.bias 48
vision_tower.vision_model.encoder.layers.#.layer_norm2.weight 48
vision_tower.vision_model.encoder.layers.#.layer_norm2.bias 48
vision_tower.vision_model.encoder.layers.#.self_attn.q_proj.weight 48 48
vision_tower.vision_model.encoder.layers.#.self_attn.q_proj.bias 48
vision_tower.vision_model.encoder.layers.#.self_attn.k_proj.weight 48 48
vision_tower.vision_model.encoder.layers.#.self_attn.k_proj.bias 48
vision_tower.vision_model.encoder.layers.#.self_attn.v_proj.weight 48 48
vision_tower.vision_model.encoder.layers.#.self_attn.v_proj.bias 48
vision_tower.vision_model.encoder.layers.#.self_attn.out_proj.weight 48 48
vision_tower.vision_model.encoder.layers.#.self_attn.out_proj.bias 48
vision_tower.vision_model.encoder.layers.#.mlp.fc1.weight 80 48
vision_tower.vision_model.encoder.layers.#.mlp.fc1.bias 80
vision_tower.vision_model.encoder.layers.#.mlp.fc2.weight 48 80
vision_tower.vision_model.encoder.layers.#.mlp.fc2.bias 48
vision_tower.vision_model.post_layernorm.weight 48
vision_tower.vision_model.post_layernorm.bias 48
""",
}


def main():
    cases = []
    for name, (entry, kind, extra, layers) in KINDS.items():
        cases.append((name, entry, "", built(kind, extra, layers)))
    for name, (entry, text) in WRITTEN.items():
        cases.append((name, entry, "", written(text, 3)))
    for name, text in TOWERS.items():
        side = "audio" if name in ("whisper_encoder", "phi4_audio") else "vision"
        cases.append((name, "llama", side, {**written(LLAMA + DENSE, 2), **written(text, 3)}))
    lines = []
    for name, entry, tower, tensors in sorted(cases):
        listed = [[tensor, shape] for tensor, shape in sorted(tensors.items())]
        lines.append(json.dumps(dict(name=name, architecture=entry, tower=tower, tensors=listed), separators=(",", ":")))
    with open(os.path.join(os.path.dirname(HERE), "architectures-2026.json"), "w") as file:
        file.write("[\n" + ",\n".join(lines) + "\n]\n")


main()
