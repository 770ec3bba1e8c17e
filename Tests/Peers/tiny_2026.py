"""Small configurations of the architectures of 2026 that transformers can build.

For scripts/check-transformers, and for the names in testdata/architectures-2026.json (testdata/oracle/architectures_2026.py).
"""

# What a small configuration has, of those that its type knows.
SMALL = dict(
    hidden_size=64, intermediate_size=96, num_attention_heads=4, num_key_value_heads=2, head_dim=16, vocab_size=160,
    max_position_embeddings=128, num_experts=4, n_routed_experts=4, num_local_experts=4, moe_num_experts=4, num_experts_per_tok=2, moe_k=2,
    moe_topk=2, top_k_experts=2, moe_intermediate_size=32, expert_ffn_hidden_size=32, ffn_hidden_size=96, q_lora_rank=24, kv_lora_rank=16,
    qk_nope_head_dim=8, qk_rope_head_dim=8, v_head_dim=12, qk_head_dim=16, n_group=1, topk_group=1, n_shared_experts=1, num_shared_experts=1,
    mamba_num_heads=4, mamba_n_heads=8, mamba_head_dim=16, mamba_d_head=16, mamba_d_ssm=128, mamba_d_state=16, ssm_state_size=16,
    mamba_n_groups=1, n_groups=1, mamba_d_conv=4, mamba_expand=2, n_mamba_heads=8, mamba_headdim=16, mamba_ngroups=1, linear_num_key_heads=2,
    linear_num_value_heads=4, linear_key_head_dim=16, linear_value_head_dim=16, index_head_dim=16, index_n_heads=2, index_topk=8,
    o_lora_rank=16, o_groups=2, num_hash_layers=0, first_k_dense_replace=1, moe_shared_expert_intermediate_size=32,
    shared_expert_intermediate_size=32, shared_intermediate_size=32, vocab_size_per_layer_input=160, hidden_size_per_layer_input=8,
    pad_token_id=0, bos_token_id=1, eos_token_id=2, hc_mult=2, block_auto_adjust_ff_dim=False, block_ff_dim=96, num_dense_layers=1,
    global_head_dim=32, attention_hidden_size=128, attention_head_dim=32, adapter_rank=8, kv_channels=16, zero_expert_num=2)
HYBRID = ["linear_attention", "moe", "full_attention", "mlp"]
LATENT = ["linear_attention", "moe", "full_attention", "moe"]
QWEN4 = dict(
    indexer_n_heads=2, indexer_kv_heads=1, indexer_head_dim=16, indexer_budget=8, indexer_compress_ratio=2, ple_layer_ids=[1],
    ple_embed_dim=32, ngram_vocab_size_base=50, split_ngram_parts=1, heads_per_ngram=2, make_ngram_vocab_size_divisible_by=8, hc_lowrank=8,
    hc_count=2, output_gate_type="sigmoid")

INKLING = dict(
    unpadded_vocab_size=150, d_rel=4, rel_extent=16, swa_num_attention_heads=4, swa_num_key_value_heads=2, swa_head_dim=16)

# Name: entry of the table, type in transformers, what its configuration has beyond SMALL, layers.
KINDS = {
    "deepseek_v4": ("deepseek_v4", "deepseek_v4", {}, 4), "nemotron_h": ("nemotron_h", "nemotron_h", dict(layers_block_type=HYBRID), 4),
    "nemotron_h-latent": ("nemotron_h", "nemotron_h", dict(layers_block_type=LATENT, moe_latent_size=24), 4),
    "kimi_linear": ("kimi_linear", "kimi_linear", dict(linear_head_dim=16, linear_num_heads=4), 5),
    "bailing_hybrid": ("bailing_hybrid", "bailing_hybrid", {}, 8), "deepseek_v32": ("deepseek_dsa", "deepseek_v32", {}, 3),
    "glm_moe_dsa": ("deepseek_dsa", "glm_moe_dsa", {}, 4), "hy_v4": ("deepseek_dsa", "hy_v4", {}, 3), "axk2": ("deepseek_dsa", "axk2", {}, 3),
    "lfm2_moe": ("lfm2_moe", "lfm2_moe", dict(layer_types=["conv", "conv", "full_attention", "conv"]), 4), "lfm3": ("lfm3", "lfm3", {}, 4),
    "falcon_h1": ("falcon_h1", "falcon_h1", {}, 3), "bamba": ("falcon_h1", "bamba", dict(attn_layer_indices=[1]), 3),
    "granite_hybrid": ("granite_hybrid", "granitemoehybrid", {}, 3), "zamba2": ("zamba2", "zamba2", {}, 8),
    "qwen4": ("qwen4", "qwen4_exp_text", QWEN4, 4), "longcat_flash": ("longcat_flash", "longcat_flash", {}, 3),
    "hunyuan_moe": ("hunyuan_moe", "hunyuan_v1_moe", {}, 3), "ernie4_5_moe": ("ernie4_5_moe", "ernie4_5_moe", {}, 3),
    "afmoe": ("afmoe", "afmoe", {}, 3), "olmo_hybrid": ("olmo_hybrid", "olmo_hybrid", {}, 4), "laguna": ("laguna", "laguna", {}, 3),
    "mimo_v2": ("mimo_v2", "mimo_v2_flash", {}, 3), "granite_swa": ("granite_swa", "granite_swa", {}, 3), "flint": ("flint", "flint", {}, 3),
    "beam": ("beam", "beam", {}, 3), "kolibri": ("kolibri", "kolibri1", {}, 3), "nanochat": ("nanochat", "nanochat", {}, 3),
    "doge": ("doge", "doge", {}, 3), "hrm_text": ("hrm_text", "hrm_text", {}, 3), "zaya": ("zaya", "zaya", dict(num_experts_per_tok=1), 3),
    "jetmoe": ("jetmoe", "jetmoe", {}, 3), "aria": ("aria", "aria_text", {}, 3),
    "ctrl": ("ctrl", "ctrl", dict(n_embd=64, dff=96, n_layer=2, n_head=4), 2),
    "cpmant": ("cpmant", "cpmant", dict(dim_ff=96, dim_head=16), 2), "zamba": ("zamba", "zamba", dict(attention_head_dim=32, mamba_dt_rank=4), 8),
    "inkling": ("inkling", "inkling2_text", INKLING, 3), "xlstm": ("xlstm", "xlstm", dict(num_heads=4, num_blocks=2), 2),
    "openai_gpt": ("openai_gpt", "openai-gpt", dict(n_embd=64, n_layer=2, n_head=4), 2),
    "modernbert_decoder": ("modernbert_decoder", "modernbert-decoder", {}, 3),
    "gemma4_moe": ("gemma4_moe", "gemma4_text", dict(enable_moe_block=True, num_kv_shared_layers=0), 3),
}


def configuration(kind, extra, layers):
    """The small configuration of a type."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    known = CONFIG_MAPPING[kind]().to_dict()
    chosen = {key: value for key, value in SMALL.items() if key in known}
    for key in ("layer_types", "layers_block_type", "mlp_layer_types"):
        if isinstance(known.get(key), list):
            chosen[key] = known[key][:layers]
    for key in ("num_hidden_layers", "num_layers"):
        if key in known:
            chosen[key] = layers
    return CONFIG_MAPPING[kind](**{**chosen, **extra})
