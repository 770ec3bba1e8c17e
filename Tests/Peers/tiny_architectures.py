"""Tiny configs of the architectures that transformers can build: what scripts/check-transformers goes through."""

SIZES = dict(hidden_size=64, intermediate_size=160, num_hidden_layers=4, num_attention_heads=4, vocab_size=512)
GROUPED = dict(SIZES, num_key_value_heads=2)
HEADS = dict(GROUPED, head_dim=16)
GPT2 = dict(n_embd=64, n_layer=4, n_head=4, vocab_size=512, n_positions=128)
EXPERTS = dict(
    moe_intermediate_size=48, num_experts=4, num_experts_per_tok=2, num_local_experts=4, n_routed_experts=4, shared_expert_intermediate_size=48)
LATENT = dict(
    q_lora_rank=24, kv_lora_rank=16, qk_rope_head_dim=8, qk_nope_head_dim=16, v_head_dim=16, n_group=1, topk_group=1, n_shared_experts=1,
    first_k_dense_replace=1, num_key_value_heads=4)
LINEAR = dict(linear_num_value_heads=4, linear_num_key_heads=2, linear_key_head_dim=16, linear_value_head_dim=16)
STATES = dict(hidden_size=64, num_hidden_layers=4, vocab_size=512, state_size=16)
BOTH_SIDES = dict(
    d_model=64, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=160,
    decoder_ffn_dim=160, vocab_size=512)
PICTURES = dict(hidden_size=64, intermediate_size=160, num_hidden_layers=4, num_attention_heads=4, image_size=32, patch_size=8)

# Name → class of the config, its arguments. Token ids that lie outside the small vocabulary are moved into it.
ARCHITECTURES = {
    "llama": ("LlamaConfig", GROUPED),
    "llama-tied": ("LlamaConfig", dict(GROUPED, tie_word_embeddings=True)),
    "mistral": ("MistralConfig", GROUPED),
    "qwen2": ("Qwen2Config", GROUPED),
    "qwen3": ("Qwen3Config", HEADS),
    "qwen2_moe": ("Qwen2MoeConfig", dict(HEADS, **EXPERTS)),
    "qwen3_moe": ("Qwen3MoeConfig", dict(HEADS, **EXPERTS)),
    "qwen3_next": ("Qwen3NextConfig", dict(HEADS, **EXPERTS, **LINEAR)),
    "qwen3_5": ("Qwen3_5TextConfig", dict(HEADS, **LINEAR)),
    "gemma": ("GemmaConfig", HEADS),
    "gemma2": ("Gemma2Config", HEADS),
    "gemma3": ("Gemma3TextConfig", HEADS),
    "gemma3n": ("Gemma3nTextConfig", dict(
        HEADS, hidden_size_per_layer_input=16, vocab_size_per_layer_input=512, laurel_rank=8, num_kv_shared_layers=0, altup_num_inputs=2,
        layer_types=["sliding_attention"] * 3 + ["full_attention"], activation_sparsity_pattern=[0.0] * 4)),
    "recurrent_gemma": ("RecurrentGemmaConfig", dict(HEADS, lru_width=64)),
    "mixtral": ("MixtralConfig", dict(GROUPED, num_local_experts=4)),
    "minimax": ("MiniMaxConfig", dict(HEADS, **EXPERTS)),
    "deepseek_v2": ("DeepseekV2Config", dict(SIZES, **EXPERTS, **LATENT)),
    "deepseek_v3": ("DeepseekV3Config", dict(SIZES, **EXPERTS, **LATENT)),
    "glm4_moe": ("Glm4MoeConfig", dict(HEADS, **EXPERTS, n_group=1, topk_group=1, n_shared_experts=1, first_k_dense_replace=1)),
    "phi": ("PhiConfig", dict(SIZES, num_key_value_heads=4)),
    "phi3": ("Phi3Config", GROUPED),
    "phimoe": ("PhimoeConfig", dict(HEADS, **EXPERTS)),
    "olmo": ("OlmoConfig", GROUPED),
    "olmo2": ("Olmo2Config", GROUPED),
    "olmo3": ("Olmo3Config", HEADS),
    "olmoe": ("OlmoeConfig", dict(HEADS, **EXPERTS)),
    "gpt2": ("GPT2Config", GPT2),
    "gpt_bigcode": ("GPTBigCodeConfig", GPT2),
    "gpt_neo": ("GPTNeoConfig", dict(
        hidden_size=64, num_layers=4, num_heads=4, vocab_size=512, max_position_embeddings=128, intermediate_size=160,
        attention_types=[[["global", "local"], 2]])),
    "gpt_neox": ("GPTNeoXConfig", SIZES),
    "gptj": ("GPTJConfig", dict(GPT2, rotary_dim=8)),
    "codegen": ("CodeGenConfig", dict(GPT2, rotary_dim=8)),
    "mpt": ("MptConfig", dict(d_model=64, n_heads=4, n_layers=4, vocab_size=512, max_seq_len=128)),
    "dbrx": ("DbrxConfig", dict(
        d_model=64, n_heads=4, n_layers=4, vocab_size=512, max_seq_len=128, attn_config=dict(kv_n_heads=2, clip_qkv=8, rope_theta=10000.0),
        ffn_config=dict(ffn_hidden_size=48, moe_num_experts=4, moe_top_k=2))),
    "opt": ("OPTConfig", dict(
        hidden_size=64, ffn_dim=160, num_hidden_layers=4, num_attention_heads=4, vocab_size=512, word_embed_proj_dim=64,
        max_position_embeddings=128)),
    "bloom": ("BloomConfig", dict(hidden_size=64, n_layer=4, n_head=4, vocab_size=512)),
    "falcon": ("FalconConfig", dict(hidden_size=64, num_hidden_layers=4, num_attention_heads=4, vocab_size=512)),
    "glm": ("GlmConfig", HEADS),
    "glm4": ("Glm4Config", HEADS),
    "stablelm": ("StableLmConfig", HEADS),
    "starcoder2": ("Starcoder2Config", HEADS),
    "cohere": ("CohereConfig", HEADS),
    "cohere2": ("Cohere2Config", HEADS),
    "granite": ("GraniteConfig", HEADS),
    "granitemoe": ("GraniteMoeConfig", dict(HEADS, **EXPERTS)),
    "granitemoeshared": ("GraniteMoeSharedConfig", dict(HEADS, **EXPERTS, shared_intermediate_size=48)),
    "nemotron": ("NemotronConfig", HEADS),
    "arcee": ("ArceeConfig", HEADS),
    "apertus": ("ApertusConfig", HEADS),
    "hunyuan_dense": ("HunYuanDenseV1Config", HEADS),
    "exaone4": ("Exaone4Config", HEADS),
    "smollm3": ("SmolLM3Config", HEADS),
    "ernie4_5": ("Ernie4_5Config", HEADS),
    "seed_oss": ("SeedOssConfig", HEADS),
    "persimmon": ("PersimmonConfig", SIZES),
    "gpt_oss": ("GptOssConfig", dict(HEADS, **EXPERTS)),
    "llama4": ("Llama4TextConfig", dict(HEADS, **EXPERTS, intermediate_size_mlp=160)),
    "jamba": ("JambaConfig", dict(
        HEADS, **EXPERTS, use_mamba_kernels=False, attn_layer_period=2, attn_layer_offset=1, expert_layer_period=2, expert_layer_offset=1)),
    "lfm2": ("Lfm2Config", dict(HEADS, layer_types=["conv", "full_attention", "conv", "full_attention"])),
    "mamba": ("MambaConfig", STATES),
    "falcon_mamba": ("FalconMambaConfig", STATES),
    "mamba2": ("Mamba2Config", dict(STATES, num_heads=8, head_dim=16, n_groups=2)),
    "rwkv": ("RwkvConfig", dict(
        hidden_size=64, num_hidden_layers=4, vocab_size=512, attention_hidden_size=64, intermediate_size=160)),
    "bert": ("BertConfig", SIZES),
    "electra": ("ElectraConfig", dict(SIZES, embedding_size=32)),
    "roberta": ("RobertaConfig", SIZES),
    "xlm_roberta": ("XLMRobertaConfig", SIZES),
    "distilbert": ("DistilBertConfig", dict(dim=64, hidden_dim=160, n_layers=4, n_heads=4, vocab_size=512)),
    "mpnet": ("MPNetConfig", SIZES),
    "albert": ("AlbertConfig", dict(SIZES, embedding_size=32)),
    "deberta_v2": ("DebertaV2Config", SIZES),
    "modernbert": ("ModernBertConfig", SIZES),
    "t5": ("T5Config", dict(d_model=64, d_kv=16, d_ff=160, num_layers=4, num_heads=4, vocab_size=512)),
    "bart": ("BartConfig", dict(BOTH_SIDES, max_position_embeddings=128)),
    "whisper": ("WhisperConfig", dict(
        BOTH_SIDES, num_mel_bins=16, max_source_positions=64, max_target_positions=64, decoder_start_token_id=1)),
    "vit": ("ViTConfig", PICTURES),
}
MASKED = "AutoModelForMaskedLM"
MODELS = {
    "bert": MASKED, "electra": MASKED, "roberta": MASKED, "xlm_roberta": MASKED, "distilbert": MASKED, "mpnet": MASKED, "albert": MASKED,
    "deberta_v2": MASKED, "modernbert": MASKED, "t5": "AutoModelForSeq2SeqLM", "bart": "AutoModelForSeq2SeqLM",
    "whisper": "AutoModelForSpeechSeq2Seq", "vit": "AutoModelForImageClassification",
}
