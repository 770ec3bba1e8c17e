extension ArchitectureText {
  /// From `= gpt_oss` on; written by scripts/make-architectures, not by hand.
  static let part5 = """
    = gpt_oss rms plain 1 -
    c gpt_oss
    p model.
    + self_attn.sinks
    : gpt_oss
    ! =layers.#.mlp.experts.gate_up_proj gate_up_proj I? gate_up_interleaved
    ! =layers.#.mlp.experts.down_proj down_proj I?
    =layers.#.mlp.experts.gate_up_proj gate_up_proj O? gate_up_interleaved
    =layers.#.mlp.experts.down_proj down_proj O?

    # experts stored (in,out): [E, h, 2F] with gate half then up half, and [E, F, h]
    = llama4 rms plain 1 -
    c llama4_text llama4
    p model. language_model.model. model.language_model.
    + feed_forward.router feed_forward.shared_expert
    : arcee
    ! layers.#.mlp.up_proj up_proj o!b
    ! layers.#.mlp.down_proj down_proj o!b
    layers.#.feed_forward.gate_proj gate_proj o?b
    layers.#.feed_forward.up_proj up_proj o?b
    layers.#.feed_forward.down_proj down_proj o?b
    =layers.#.feed_forward.experts.gate_up_proj gate_up_proj I? gate_up
    =layers.#.feed_forward.experts.down_proj down_proj I?
    layers.#.feed_forward.router router o?
    layers.#.feed_forward.shared_expert.gate_proj shared_expert.gate_proj o?b
    layers.#.feed_forward.shared_expert.up_proj shared_expert.up_proj o?b
    layers.#.feed_forward.shared_expert.down_proj shared_expert.down_proj o?b

    # checkpoints on the hub hold one Linear per expert; transformers >=5 fuses them in memory and un-fuses on save, but save_pretrained(save_original_format=False) writes the fused 3-D form: accept both
    = jamba rms plain 1 -
    c jamba
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + mamba.x_proj feed_forward
    : llama4
    ! =layers.#.feed_forward.experts.gate_up_proj gate_up_proj I? gate_up
    ! =layers.#.feed_forward.experts.down_proj down_proj I?
    ! layers.#.feed_forward.shared_expert.gate_proj shared_expert.gate_proj o?b
    ! layers.#.feed_forward.shared_expert.up_proj shared_expert.up_proj o?b
    ! layers.#.feed_forward.shared_expert.down_proj shared_expert.down_proj o?b
    ! layers.#.post_attention_layernorm post_attention_norm 1!
    ! norm final_norm 1!
    layers.#.pre_ff_layernorm post_attention_norm 1!
    final_layernorm final_norm 1!
    layers.#.feed_forward.experts.@.gate_proj gate_proj o?
    layers.#.feed_forward.experts.@.up_proj up_proj o?
    layers.#.feed_forward.experts.@.down_proj down_proj o?
    =layers.#.feed_forward.experts.gate_up_proj gate_up_proj O? gate_up
    =layers.#.feed_forward.experts.down_proj down_proj O?
    layers.#.mamba.in_proj ssm.in_proj o?b mamba_in
    layers.#.mamba.out_proj ssm.out_proj o?b
    layers.#.mamba.x_proj ssm.x_proj o?b mamba_x
    layers.#.mamba.dt_proj ssm.dt_proj o?b
    layers.#.mamba.conv1d ssm.conv c?b
    =layers.#.mamba.A_log ssm.A_log .?
    =layers.#.mamba.D ssm.D 1?
    layers.#.mamba.b_layernorm ssm.b_layernorm 1?
    layers.#.mamba.c_layernorm ssm.c_layernorm 1?
    layers.#.mamba.dt_layernorm ssm.dt_layernorm 1?

    # embedding_norm is the final norm
    = lfm2 rms plain 1 -
    c lfm2
    p model.
    + operator_norm
    embed_tokens embed_tokens v!
    embedding_norm final_norm 1!
    layers.#.self_attn.q_proj q_proj o?b
    layers.#.self_attn.k_proj k_proj o?b
    layers.#.self_attn.v_proj v_proj o?b
    layers.#.self_attn.out_proj o_proj o?b
    layers.#.self_attn.q_layernorm q_norm 1?
    layers.#.self_attn.k_layernorm k_norm 1?
    layers.#.feed_forward.w1 gate_proj o!b
    layers.#.feed_forward.w2 down_proj o!b
    layers.#.feed_forward.w3 up_proj o!b
    layers.#.operator_norm input_norm 1!
    layers.#.ffn_norm post_attention_norm 1!
    layers.#.conv.in_proj conv.in_proj o?b
    layers.#.conv.out_proj conv.out_proj o?b
    layers.#.conv.conv conv.conv c?b
    /lm_head lm_head o?b

    # state-spaces original files say backbone.embedding.weight (singular)
    = mamba rms plain 1 -
    c mamba falcon_mamba
    p backbone.
    + mixer.x_proj
    embeddings embed_tokens v!
    layers.#.mixer.in_proj ssm.in_proj o!b mamba_in
    layers.#.mixer.out_proj ssm.out_proj o!b
    layers.#.mixer.x_proj ssm.x_proj o!b mamba_x
    layers.#.mixer.dt_proj ssm.dt_proj o!b
    layers.#.mixer.conv1d ssm.conv c!b
    =layers.#.mixer.A_log ssm.A_log .!
    =layers.#.mixer.D ssm.D 1!
    layers.#.norm input_norm 1!
    norm_f final_norm 1!
    /lm_head lm_head o?b

    = mamba2 rms plain 1 -
    c mamba2
    p backbone.
    + mixer.dt_bias
    - mixer.x_proj
    : mamba
    ! layers.#.mixer.in_proj ssm.in_proj o!b mamba_in
    ! layers.#.mixer.x_proj ssm.x_proj o!b mamba_x
    ! layers.#.mixer.dt_proj ssm.dt_proj o!b
    ! =layers.#.mixer.A_log ssm.A_log .!
    layers.#.mixer.in_proj ssm.in_proj o!b mamba2_in
    layers.#.mixer.norm ssm.norm 1!
    =layers.#.mixer.A_log ssm.A_log 1!
    =layers.#.mixer.dt_bias ssm.dt_bias 1!

    = rwkv layer plain 1 -
    c rwkv
    p rwkv.
    + attention.time_decay
    embeddings embed_tokens v!
    ln_out final_norm 1!b
    /head lm_head o!
    blocks.#.attention.receptance q_proj o!
    blocks.#.attention.key k_proj o!
    blocks.#.attention.value v_proj o!
    blocks.#.attention.output o_proj o!
    =blocks.#.attention.time_decay rwkv.attention.time_decay .!
    =blocks.#.attention.time_first rwkv.attention.time_first .!
    =blocks.#.attention.time_mix_key rwkv.attention.time_mix_key .!
    =blocks.#.attention.time_mix_receptance rwkv.attention.time_mix_receptance .!
    =blocks.#.attention.time_mix_value rwkv.attention.time_mix_value .!
    blocks.#.feed_forward.key up_proj o!
    blocks.#.feed_forward.value down_proj o!
    blocks.#.feed_forward.receptance receptance_proj o!
    =blocks.#.feed_forward.time_mix_key rwkv.feed_forward.time_mix_key .!
    =blocks.#.feed_forward.time_mix_receptance rwkv.feed_forward.time_mix_receptance .!
    blocks.#.ln1 input_norm 1!b
    blocks.#.ln2 post_attention_norm 1!b
    blocks.#.pre_ln embed_norm 1?b

    # old files name LayerNorm parameters gamma/beta
    # tied decoder keeps only cls.predictions.bias; older files also store decoder.weight and decoder.bias
    # sentence-transformers files drop the bert. prefix
    = bert layer plain 1 -
    c bert electra
    p bert. electra.
    + encoder.layer.#.attention.self.query embeddings.token_type_embeddings
    - roberta
    embeddings.word_embeddings embed_tokens v!
    embeddings.position_embeddings embed_positions r!
    embeddings.token_type_embeddings embed_token_types r?
    embeddings.LayerNorm embed_norm 1!b
    =embeddings.position_ids buffer .?
    encoder.layer.#.attention.self.query q_proj o!b
    encoder.layer.#.attention.self.key k_proj o!b
    encoder.layer.#.attention.self.value v_proj o!b
    encoder.layer.#.attention.output.dense o_proj o!b
    encoder.layer.#.attention.output.LayerNorm attention_output_norm 1!b
    encoder.layer.#.intermediate.dense up_proj o!b
    encoder.layer.#.output.dense down_proj o!b
    encoder.layer.#.output.LayerNorm mlp_output_norm 1!b
    pooler.dense pooler o?b
    /classifier classifier o?b
    /qa_outputs qa_outputs o?b
    =embeddings.LayerNorm.gamma embed_norm 1?
    =embeddings.LayerNorm.beta embed_norm.bias 1?
    =encoder.layer.#.attention.output.LayerNorm.gamma attention_output_norm 1?
    =encoder.layer.#.attention.output.LayerNorm.beta attention_output_norm.bias 1?
    =encoder.layer.#.output.LayerNorm.gamma mlp_output_norm 1?
    =encoder.layer.#.output.LayerNorm.beta mlp_output_norm.bias 1?
    =/cls.predictions.bias lm_head.bias 1?
    /cls.predictions.transform.dense mlm_transform o?b
    /cls.predictions.transform.LayerNorm mlm_norm 1?b
    =/cls.predictions.transform.LayerNorm.gamma mlm_norm 1?
    =/cls.predictions.transform.LayerNorm.beta mlm_norm.bias 1?
    /cls.predictions.decoder lm_head o?b
    /cls.seq_relationship seq_relationship o?b
    embeddings_project embed_project_in o?b
    /generator_predictions.dense mlm_transform o?b
    /generator_predictions.LayerNorm mlm_norm 1?b
    /generator_lm_head lm_head o?b

    # without prefix indistinguishable from bert by names: token_type table has 1 row and positions start at padding_idx+1 (514 rows)
    = roberta layer plain 1 -
    c roberta xlm-roberta camembert
    p roberta.
    + encoder.layer.#.attention.self.query lm_head.layer_norm
    embeddings.word_embeddings embed_tokens v!
    embeddings.position_embeddings embed_positions r!
    embeddings.token_type_embeddings embed_token_types r?
    embeddings.LayerNorm embed_norm 1!b
    =embeddings.position_ids buffer .?
    encoder.layer.#.attention.self.query q_proj o!b
    encoder.layer.#.attention.self.key k_proj o!b
    encoder.layer.#.attention.self.value v_proj o!b
    encoder.layer.#.attention.output.dense o_proj o!b
    encoder.layer.#.attention.output.LayerNorm attention_output_norm 1!b
    encoder.layer.#.intermediate.dense up_proj o!b
    encoder.layer.#.output.dense down_proj o!b
    encoder.layer.#.output.LayerNorm mlp_output_norm 1!b
    pooler.dense pooler o?b
    /classifier classifier o?b
    /qa_outputs qa_outputs o?b
    =/lm_head.bias lm_head.bias 1?
    /lm_head.dense mlm_transform o?b
    /lm_head.layer_norm mlm_norm 1?b
    /lm_head.decoder lm_head o?b
    /classifier.dense classifier.dense o?b
    /classifier.out_proj classifier.out_proj o?b

    = distilbert layer plain 1 -
    c distilbert
    p distilbert.
    + transformer.layer.#.attention.q_lin
    embeddings.word_embeddings embed_tokens v!
    embeddings.position_embeddings embed_positions r!
    embeddings.LayerNorm embed_norm 1!b
    transformer.layer.#.attention.q_lin q_proj o!b
    transformer.layer.#.attention.k_lin k_proj o!b
    transformer.layer.#.attention.v_lin v_proj o!b
    transformer.layer.#.attention.out_lin o_proj o!b
    transformer.layer.#.sa_layer_norm attention_output_norm 1!b
    transformer.layer.#.ffn.lin1 up_proj o!b
    transformer.layer.#.ffn.lin2 down_proj o!b
    transformer.layer.#.output_layer_norm mlp_output_norm 1!b
    /vocab_transform mlm_transform o?b
    /vocab_layer_norm mlm_norm 1?b
    /vocab_projector lm_head o?b
    /pre_classifier pre_classifier o?b
    /classifier classifier o?b
    /qa_outputs qa_outputs o?b
    """
}
