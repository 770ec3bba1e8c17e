extension ArchitectureText {
  /// From `= deepseek_mla` on; written by scripts/make-architectures, not by hand.
  static let part2 = """
    # first_k_dense_replace leading layers are dense
    # V2-Lite has no q compression (plain q_proj)
    # the shared experts are one MLP of width n_shared_experts*F
    # V3/R1 files contain an extra layer index num_hidden_layers (61) = multi-token-prediction block with its own embed_tokens and shared_head copies: exclude it from depth alignment
    # official files are FP8: each matrix has a weight_scale_inv companion
    # k and v have no own matrices: reconstruct from kv_b
    # rotary rows are stored in interleaved-pair order
    = deepseek_mla rms plain 1 -
    c deepseek_v2 deepseek_v3 deepseek_v32 kimi_k2 glm4_moe_lite
    p model. model.language_model. language_model.model.
    + self_attn.kv_a_proj_with_mqa self_attn.kv_b_proj
    : qwen3_moe
    ! layers.#.self_attn.q_proj q_proj o!b
    ! layers.#.self_attn.k_proj k_proj o!b
    ! layers.#.self_attn.v_proj v_proj o!b
    ! layers.#.self_attn.q_norm q_norm 1! norm_head
    ! layers.#.self_attn.k_norm k_norm 1! norm_head
    layers.#.self_attn.q_proj q_proj o?b mla_q
    layers.#.self_attn.q_a_proj q_a_proj o?b
    layers.#.self_attn.q_a_layernorm q_a_norm 1?
    layers.#.self_attn.q_b_proj q_b_proj o?b mla_q
    layers.#.self_attn.kv_a_proj_with_mqa kv_a_proj o!b mla_kv_a
    layers.#.self_attn.kv_a_layernorm kv_a_norm 1!
    layers.#.self_attn.kv_b_proj kv_b_proj o!b mla_kv_b
    =layers.#.mlp.gate.e_score_correction_bias router.score_correction 1?
    layers.#.mlp.shared_experts.gate_proj shared_expert.gate_proj o!b
    layers.#.mlp.shared_experts.up_proj shared_expert.up_proj o!b
    layers.#.mlp.shared_experts.down_proj shared_expert.down_proj o!b
    layers.#.eh_proj mtp.eh_proj o?b
    layers.#.enorm mtp.enorm 1?
    layers.#.hnorm mtp.hnorm 1?
    layers.#.embed_tokens mtp.embed_tokens r?
    layers.#.shared_head.norm mtp.final_norm 1?
    layers.#.shared_head.head mtp.lm_head o?b

    # checkpoints on the hub hold one Linear per expert; transformers >=5 fuses them in memory and un-fuses on save, but save_pretrained(save_original_format=False) writes the fused 3-D form: accept both
    # extra MTP layer index as in deepseek_v3
    = glm4_moe rms plain 0 -
    c glm4_moe
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + mlp.gate.e_score_correction_bias self_attn.q_proj
    - kv_b_proj
    : deepseek_mla
    ! layers.#.self_attn.q_proj q_proj o?b mla_q
    ! layers.#.self_attn.q_a_proj q_a_proj o?b
    ! layers.#.self_attn.q_a_layernorm q_a_norm 1?
    ! layers.#.self_attn.q_b_proj q_b_proj o?b mla_q
    ! layers.#.self_attn.kv_a_proj_with_mqa kv_a_proj o!b mla_kv_a
    ! layers.#.self_attn.kv_a_layernorm kv_a_norm 1!
    ! layers.#.self_attn.kv_b_proj kv_b_proj o!b mla_kv_b
    layers.#.self_attn.q_proj q_proj o!b
    layers.#.self_attn.k_proj k_proj o!b
    layers.#.self_attn.v_proj v_proj o!b
    layers.#.self_attn.q_norm q_norm 1!
    layers.#.self_attn.k_norm k_norm 1!

    # parallel attention and MLP share one input norm
    # lm_head has a bias
    = phi layer plain 0 -
    c phi
    p model.
    + layers.#.self_attn.dense layers.#.mlp.fc1 layers.#.self_attn.q_proj
    - query_key_value
    embed_tokens embed_tokens v!
    layers.#.self_attn.q_proj q_proj o!b
    layers.#.self_attn.k_proj k_proj o!b
    layers.#.self_attn.v_proj v_proj o!b
    layers.#.self_attn.dense o_proj o!b
    layers.#.self_attn.q_layernorm q_norm 1?b
    layers.#.self_attn.k_layernorm k_norm 1?b
    layers.#.mlp.fc1 up_proj o!b
    layers.#.mlp.fc2 down_proj o!b
    layers.#.input_layernorm input_norm 1!b parallel
    final_layernorm final_norm 1!b
    /lm_head lm_head o?b

    # mixformer numbers the embedding as layers.0 and the head as the last layers.N: shift by one
    # thirds order q,k,v taken from flash-attn's MHA convention, not re-checked
    = phi_msft layer plain 0 -
    c phi-msft mixformer-sequential
    + mixer.Wqkv
    transformer.embd.wte embed_tokens v!
    transformer.h.#.mixer.Wqkv qkv_proj o!b qkv_thirds
    transformer.h.#.mixer.out_proj o_proj o!b
    transformer.h.#.mlp.fc1 up_proj o!b
    transformer.h.#.mlp.fc2 down_proj o!b
    transformer.h.#.ln input_norm 1!b parallel
    lm_head.ln final_norm 1!b
    lm_head.linear lm_head o!b
    layers.0.wte embed_tokens v! outside
    layers.#.mixer.Wqkv qkv_proj o!b qkv_thirds,shifted
    layers.#.mixer.out_proj o_proj o!b shifted
    layers.#.mlp.fc1 up_proj o!b shifted
    layers.#.mlp.fc2 down_proj o!b shifted
    layers.#.ln input_norm 1!b parallel,shifted
    layers.#.linear lm_head o!b outside

    # Phi-4 uses this layout with KV < H, so the qkv blocks are not equal thirds
    = phi3 rms plain 1 -
    c phi3
    p model.
    + self_attn.qkv_proj mlp.gate_up_proj
    : llama
    ! layers.#.self_attn.q_proj q_proj o!b
    ! layers.#.self_attn.k_proj k_proj o!b
    ! layers.#.self_attn.v_proj v_proj o!b
    ! layers.#.mlp.gate_proj gate_proj o!b
    ! layers.#.mlp.up_proj up_proj o!b
    layers.#.self_attn.qkv_proj qkv_proj o!b qkv_concat_gqa
    layers.#.mlp.gate_up_proj gate_up_proj o!b gate_up

    # mixtral names but LayerNorm with bias
    # checkpoints on the hub hold one Linear per expert; transformers >=5 fuses them in memory and un-fuses on save, but save_pretrained(save_original_format=False) writes the fused 3-D form: accept both
    = phimoe layer plain 1 -
    c phimoe
    p model.
    + block_sparse_moe.experts.#.w1 input_layernorm.bias
    embed_tokens embed_tokens v!
    layers.#.self_attn.q_proj q_proj o!b
    layers.#.self_attn.k_proj k_proj o!b
    layers.#.self_attn.v_proj v_proj o!b
    layers.#.self_attn.o_proj o_proj o!b
    layers.#.input_layernorm input_norm 1!b
    layers.#.post_attention_layernorm post_attention_norm 1!b
    norm final_norm 1!b
    /lm_head lm_head o?b
    layers.#.block_sparse_moe.experts.@.w1 gate_proj o?
    layers.#.block_sparse_moe.experts.@.w3 up_proj o?
    layers.#.block_sparse_moe.experts.@.w2 down_proj o?
    layers.#.block_sparse_moe.gate router o?
    =layers.#.mlp.experts.gate_up_proj gate_up_proj O? gate_up
    =layers.#.mlp.experts.down_proj down_proj O?
    layers.#.mlp.router router o?

    # stored norm weight is an offset: effective gain is 1 + w
    # embedding output is multiplied by sqrt(hidden_size) (rounded to the compute dtype) at run time, not in the file
    # tensor names equal llama's: only the config tells them apart
    = gemma rms offset 1 -
    c gemma
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + layers.#.self_attn.q_proj layers.#.mlp.gate_proj layers.#.post_attention_layernorm
    - lm_head pre_feedforward_layernorm self_attn.q_norm input_layernorm.bias
    : llama

    # post_attention_layernorm is applied to the attention output here, in llama the same name is the MLP input norm
    # gain 1 + w
    = gemma2 rms offset 1 -
    c gemma2
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + pre_feedforward_layernorm
    - self_attn.q_norm
    : llama
    ! layers.#.post_attention_layernorm post_attention_norm 1!
    layers.#.post_attention_layernorm attention_output_norm 1!
    layers.#.pre_feedforward_layernorm post_attention_norm 1!
    layers.#.post_feedforward_layernorm mlp_output_norm 1!

    # gain 1 + w for all norms including q_norm/k_norm and the multimodal soft-embedding norm
    # multimodal files prefix the text model with language_model.model. (and use multi_modal_projector.mm_input_projection_weight stored [in,out])
    = gemma3 rms offset 1 -
    c gemma3_text gemma3
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + pre_feedforward_layernorm self_attn.q_norm
    - altup per_layer_input_gate
    : gemma2
    layers.#.self_attn.q_norm q_norm 1!
    layers.#.self_attn.k_norm k_norm 1!

    # transformers 4.57 save_pretrained of the text-only gemma3n class mangles one name to model.language_model.per_layer_model.language_model_projection.weight
    # gemma3n and gemma4 went back to plain w (no +1) although gemma 1-3 use 1+w
    # head_dim differs between local and global layers in gemma4, so q/k/v shapes vary by layer
    = gemma3n rms plain 1 -
    c gemma3n_text gemma3n gemma4_text gemma4
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + per_layer_input_gate pre_feedforward_layernorm
    : gemma3
    layers.#.post_per_layer_input_norm per_layer.post_norm 1?
    layers.#.per_layer_input_gate per_layer.gate o?b
    layers.#.per_layer_projection per_layer.proj o?b
    per_layer_model_projection per_layer.model_proj o?b
    per_layer_model.language_model_projection per_layer.model_proj o?b
    per_layer_projection_norm per_layer.norm 1?
    embed_tokens_per_layer embed_tokens_per_layer r?
    altup_projections.% altup.proj.% o?b
    altup_unembed_projections.% altup.unembed.% o?b
    =layers.#.altup.correct_output_scale altup.scale 1?
    layers.#.altup.correction_coefs altup.correction o?b
    layers.#.altup.modality_router altup.router o?b
    layers.#.altup.prediction_coefs altup.prediction o?b
    layers.#.altup.router_norm altup.norm 1?
    layers.#.laurel.linear_left laurel.left o?b
    layers.#.laurel.linear_right laurel.right o?b
    layers.#.laurel.post_laurel_norm laurel.norm 1?
    =layers.#.layer_scalar layer_scalar 1?

    = recurrent_gemma rms offset 1 -
    c recurrent_gemma
    p model.
    + temporal_block
    embed_tokens embed_tokens v!
    final_norm final_norm 1!
    layers.#.temporal_pre_norm input_norm 1!
    layers.#.channel_pre_norm post_attention_norm 1!
    layers.#.mlp_block.gate_proj gate_proj o!b
    layers.#.mlp_block.up_proj up_proj o!b
    layers.#.mlp_block.down_proj down_proj o!b
    layers.#.temporal_block.q_proj q_proj o?b
    layers.#.temporal_block.k_proj k_proj o?b
    layers.#.temporal_block.v_proj v_proj o?b
    layers.#.temporal_block.o_proj o_proj o?b
    layers.#.temporal_block.linear_x recurrent.x_proj o?b
    layers.#.temporal_block.linear_y recurrent.y_proj o?b
    layers.#.temporal_block.linear_out recurrent.out_proj o?b
    layers.#.temporal_block.conv_1d recurrent.conv c?b
    =layers.#.temporal_block.rg_lru.input_gate_bias recurrent.input_gate_bias .?
    =layers.#.temporal_block.rg_lru.input_gate_weight recurrent.input_gate_weight .?
    =layers.#.temporal_block.rg_lru.recurrent_gate_bias recurrent.recurrent_gate_bias .?
    =layers.#.temporal_block.rg_lru.recurrent_gate_weight recurrent.recurrent_gate_weight .?
    =layers.#.temporal_block.rg_lru.recurrent_param recurrent.recurrent_param .?
    /lm_head lm_head o?b
    """
}
