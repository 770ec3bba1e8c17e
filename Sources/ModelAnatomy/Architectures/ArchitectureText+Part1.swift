extension ArchitectureText {
  /// From `= llama` on; written by scripts/make-architectures, not by hand.
  static let part1 = """
    # q_proj rows can exceed hidden_size when head_dim is set explicitly (mistral-nemo, ernie4_5, seed_oss)
    # old files carry rotary_emb.inv_freq buffers per layer
    # HF q/k rows are in rotate-half order; Meta/Mistral consolidated files hold the same matrices with rows in interleaved-pair order (see mistral_consolidated)
    = llama rms plain 1 -
    c llama mistral ministral ministral3 smollm3 ernie4_5 seed_oss granite internlm deepseek aquila xverse solar code_llama helium cwm lfm_llama
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + layers.#.self_attn.q_proj layers.#.mlp.gate_proj layers.#.post_attention_layernorm layers.#.input_layernorm
    - self_attn.q_norm mlp.experts block_sparse_moe pre_feedforward_layernorm post_feedforward_layernorm input_layernorm.bias query_layernorm
    embed_tokens embed_tokens v!
    layers.#.self_attn.q_proj q_proj o!b
    layers.#.self_attn.k_proj k_proj o!b
    layers.#.self_attn.v_proj v_proj o!b
    layers.#.self_attn.o_proj o_proj o!b
    layers.#.mlp.gate_proj gate_proj o!b
    layers.#.mlp.up_proj up_proj o!b
    layers.#.mlp.down_proj down_proj o!b
    layers.#.input_layernorm input_norm 1!
    layers.#.post_attention_layernorm post_attention_norm 1!
    norm final_norm 1!
    /lm_head lm_head o?b

    # to compare with the HF file: HF row (head, half s, pair j) = consolidated row (head, pair j, s); i.e. view [H, D/2, 2, in], swap the two middle dims
    # mistralai repositories ship consolidated*.safetensors next to model-*.safetensors: never glob *.safetensors
    = mistral_consolidated rms plain 1 -
    p model. language_model.
    + layers.#.attention.wq layers.#.feed_forward.w1
    - wqkv
    tok_embeddings embed_tokens v!
    layers.#.attention.wq q_proj o!b rotary_pairs
    layers.#.attention.wk k_proj o!b rotary_pairs
    layers.#.attention.wv v_proj o!b
    layers.#.attention.wo o_proj o!b
    layers.#.feed_forward.w1 gate_proj o!b
    layers.#.feed_forward.w2 down_proj o!b
    layers.#.feed_forward.w3 up_proj o!b
    layers.#.attention_norm input_norm 1!
    layers.#.ffn_norm post_attention_norm 1!
    norm final_norm 1!
    output lm_head o?b
    layers.#.feed_forward.gate router o?
    layers.#.feed_forward.experts.@.w1 gate_proj o?
    layers.#.feed_forward.experts.@.w3 up_proj o?
    layers.#.feed_forward.experts.@.w2 down_proj o?

    # identical maths to llama; only the two norm names differ (ln1 -> input_layernorm, ln2 -> post_attention_layernorm); later Yi uploads are plain llama
    = yi_original rms plain 1 -
    c Yi yi
    p model.
    + layers.#.ln1 layers.#.ln2 layers.#.self_attn.q_proj
    : llama
    ! layers.#.input_layernorm input_norm 1!
    ! layers.#.post_attention_layernorm post_attention_norm 1!
    layers.#.ln1 input_norm 1!
    layers.#.ln2 post_attention_norm 1!

    # same leaf names as gpt2 but nn.Linear: c_attn is [3h, h] (out,in), not transposed
    # w1 is the up branch and w2 the gate branch, the opposite of mixtral/internlm2
    # c_attn has a bias, c_proj has none
    = qwen1 rms plain 1 -
    c qwen
    p transformer.
    + h.#.attn.c_attn h.#.mlp.w1 h.#.mlp.w2
    wte embed_tokens v!
    h.#.attn.c_attn qkv_proj o!b qkv_thirds
    h.#.attn.c_proj o_proj o!b
    h.#.mlp.w1 up_proj o!b
    h.#.mlp.w2 gate_proj o!b
    h.#.mlp.c_proj down_proj o!b
    h.#.ln_1 input_norm 1!
    h.#.ln_2 post_attention_norm 1!
    ln_f final_norm 1!
    /lm_head lm_head o?b

    # same names as llama; q,k,v carry biases and o does not: the only difference on disk
    = qwen2 rms plain 1 -
    c qwen2 qwen2_vl qwen2_5_vl qwen2_audio
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + layers.#.self_attn.q_proj.bias layers.#.mlp.gate_proj
    - self_attn.q_norm mlp.experts self_attn.o_proj.bias input_layernorm.bias
    : llama

    # q_norm/k_norm have head_dim elements and are shared by all heads
    = qwen3 rms plain 1 -
    c qwen3 qwen3_vl
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + layers.#.self_attn.q_norm layers.#.input_layernorm layers.#.post_attention_layernorm layers.#.mlp.gate_proj
    - mlp.experts linear_attn pre_feedforward_layernorm
    : llama
    layers.#.self_attn.q_norm q_norm 1!
    layers.#.self_attn.k_norm k_norm 1!

    # checkpoints on the hub hold one Linear per expert; transformers >=5 fuses them in memory and un-fuses on save, but save_pretrained(save_original_format=False) writes the fused 3-D form: accept both
    # some layers may be dense (mlp_only_layers, decoder_sparse_step): then mlp.gate_proj etc. appear without experts
    = qwen2_moe rms plain 1 -
    c qwen2_moe
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + layers.#.mlp.shared_expert_gate layers.#.self_attn.q_proj.bias
    : llama
    layers.#.mlp.experts.@.gate_proj gate_proj o?
    layers.#.mlp.experts.@.up_proj up_proj o?
    layers.#.mlp.experts.@.down_proj down_proj o?
    =layers.#.mlp.experts.gate_up_proj gate_up_proj O? gate_up
    =layers.#.mlp.experts.down_proj down_proj O?
    layers.#.mlp.gate router o!
    layers.#.mlp.shared_expert.gate_proj shared_expert.gate_proj o!b
    layers.#.mlp.shared_expert.up_proj shared_expert.up_proj o!b
    layers.#.mlp.shared_expert.down_proj shared_expert.down_proj o!b
    layers.#.mlp.shared_expert_gate shared_expert_gate o!

    # checkpoints on the hub hold one Linear per expert; transformers >=5 fuses them in memory and un-fuses on save, but save_pretrained(save_original_format=False) writes the fused 3-D form: accept both
    # mlp.gate is the router here, mlp.gate_proj is the dense gate
    = qwen3_moe rms plain 1 -
    c qwen3_moe qwen3_vl_moe_text
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + layers.#.self_attn.q_norm layers.#.mlp.gate.weight
    - shared_expert linear_attn e_score_correction_bias
    : qwen2_moe
    ! layers.#.mlp.shared_expert.gate_proj shared_expert.gate_proj o!b
    ! layers.#.mlp.shared_expert.up_proj shared_expert.up_proj o!b
    ! layers.#.mlp.shared_expert.down_proj shared_expert.down_proj o!b
    ! layers.#.mlp.shared_expert_gate shared_expert_gate o!
    layers.#.self_attn.q_norm q_norm 1! norm_head
    layers.#.self_attn.k_norm k_norm 1! norm_head

    # experts are stored [E, hidden, 2F] and [E, F, hidden]: transposed with respect to the v5 fused form of every other Qwen MoE, under the same names
    # when hidden == 2F the shape cannot tell the two forms apart
    = qwen3_vl_moe rms plain 1 -
    c qwen3_vl_moe
    p model.language_model. language_model.model. model.
    + mlp.experts.gate_up_proj self_attn.q_norm
    : qwen3
    =layers.#.mlp.experts.gate_up_proj gate_up_proj I! gate_up
    =layers.#.mlp.experts.down_proj down_proj I!
    layers.#.mlp.gate router o!

    # q_proj is twice as tall: query and output gate interleaved per head
    # norms use 1+w (zero-initialised) except linear_attn.norm which uses w
    # layers alternate linear_attn and self_attn
    # mtp.* tensors exist in released files
    = qwen3_next rms offset 1 -
    c qwen3_next
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + linear_attn.in_proj_qkvz
    : qwen2_moe
    ! layers.#.self_attn.q_proj q_proj o!b
    layers.#.self_attn.q_proj q_proj o!b q_with_gate
    layers.#.self_attn.q_norm q_norm 1!
    layers.#.self_attn.k_norm k_norm 1!
    layers.#.linear_attn.in_proj_qkvz linear_attn.qkvz_proj o?b qkvz_grouped
    layers.#.linear_attn.in_proj_ba linear_attn.ba_proj o?b ba_grouped
    layers.#.linear_attn.in_proj_qkv linear_attn.qkv_proj o?b qkv_linear_attn
    layers.#.linear_attn.in_proj_z linear_attn.z_proj o?b
    layers.#.linear_attn.in_proj_a linear_attn.a_proj o?b
    layers.#.linear_attn.in_proj_b linear_attn.b_proj o?b
    layers.#.linear_attn.out_proj linear_attn.o_proj o!b
    layers.#.linear_attn.conv1d linear_attn.conv c!b
    layers.#.linear_attn.norm linear_attn.norm 1! gain_plain
    =layers.#.linear_attn.A_log linear_attn.A_log 1!
    =layers.#.linear_attn.dt_bias linear_attn.dt_bias 1!

    # as qwen3_next but the linear-attention projections are four separate tensors
    = qwen3_5 rms offset 1 -
    c qwen3_5 qwen3_5_text qwen3_5_moe qwen3_5_moe_text
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + linear_attn.in_proj_qkv. linear_attn.in_proj_z
    : qwen3_next
    ! layers.#.mlp.gate router o!
    ! layers.#.mlp.shared_expert.gate_proj shared_expert.gate_proj o!b
    ! layers.#.mlp.shared_expert.up_proj shared_expert.up_proj o!b
    ! layers.#.mlp.shared_expert.down_proj shared_expert.down_proj o!b
    ! layers.#.mlp.shared_expert_gate shared_expert_gate o!
    layers.#.mlp.gate router o?
    layers.#.mlp.shared_expert.gate_proj shared_expert.gate_proj o?b
    layers.#.mlp.shared_expert.up_proj shared_expert.up_proj o?b
    layers.#.mlp.shared_expert.down_proj shared_expert.down_proj o?b
    layers.#.mlp.shared_expert_gate shared_expert_gate o?

    # w1 = gate, w3 = up, w2 = down
    # checkpoints on the hub hold one Linear per expert; transformers >=5 fuses them in memory and un-fuses on save, but save_pretrained(save_original_format=False) writes the fused 3-D form: accept both
    # fused v5 form also renames block_sparse_moe to mlp
    = mixtral rms plain 1 -
    c mixtral minimax minimax_m2
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + block_sparse_moe.experts.#.w1 self_attn.q_proj
    - input_layernorm.bias
    : qwen3_moe
    ! layers.#.self_attn.q_norm q_norm 1! norm_head
    ! layers.#.self_attn.k_norm k_norm 1! norm_head
    ! layers.#.mlp.gate_proj gate_proj o!b
    ! layers.#.mlp.up_proj up_proj o!b
    ! layers.#.mlp.down_proj down_proj o!b
    ! layers.#.mlp.gate router o!
    layers.#.self_attn.q_norm q_norm 1?
    layers.#.self_attn.k_norm k_norm 1?
    layers.#.block_sparse_moe.experts.@.w1 gate_proj o?
    layers.#.block_sparse_moe.experts.@.w3 up_proj o?
    layers.#.block_sparse_moe.experts.@.w2 down_proj o?
    layers.#.block_sparse_moe.gate router o?
    layers.#.mlp.gate router o?
    =layers.#.block_sparse_moe.e_score_correction_bias router.score_correction 1?
    =layers.#.mlp.e_score_correction_bias router.score_correction 1?
    layers.#.self_attn.qkv_proj linear_attn.qkv_proj o? qkv_per_head
    layers.#.self_attn.output_gate linear_attn.z_proj o?
    layers.#.self_attn.out_proj linear_attn.o_proj o?
    layers.#.self_attn.norm linear_attn.norm 1?
    =layers.#.self_attn.slope_rate buffer .?
    =layers.#.self_attn.query_decay buffer .?
    =layers.#.self_attn.key_decay buffer .?
    =layers.#.self_attn.diagonal_decay buffer .?
    """
}
