extension ArchitectureText {
  /// From `= mpnet` on; written by scripts/make-architectures, not by hand.
  static let part6 = """
    # one relative-position bias table shared by all layers
    = mpnet layer plain 1 -
    c mpnet
    p mpnet.
    + attention.attn.q
    : roberta
    ! embeddings.token_type_embeddings embed_token_types r?
    ! encoder.layer.#.attention.self.query q_proj o!b
    ! encoder.layer.#.attention.self.key k_proj o!b
    ! encoder.layer.#.attention.self.value v_proj o!b
    ! encoder.layer.#.attention.output.dense o_proj o!b
    ! encoder.layer.#.attention.output.LayerNorm attention_output_norm 1!b
    ! /classifier classifier o?b
    ! /qa_outputs qa_outputs o?b
    ! /classifier.dense classifier.dense o?b
    ! /classifier.out_proj classifier.out_proj o?b
    encoder.layer.#.attention.attn.q q_proj o!b
    encoder.layer.#.attention.attn.k k_proj o!b
    encoder.layer.#.attention.attn.v v_proj o!b
    encoder.layer.#.attention.attn.o o_proj o!b
    encoder.layer.#.attention.LayerNorm attention_output_norm 1!b
    encoder.relative_attention_bias relative_attention_bias r!

    # all layers share one set of weights: depth in the file is 1
    = albert layer plain 1 -
    c albert
    p albert.
    + albert_layer_groups
    embeddings.word_embeddings embed_tokens v!
    embeddings.position_embeddings embed_positions r!
    embeddings.token_type_embeddings embed_token_types r!
    embeddings.LayerNorm embed_norm 1!b
    encoder.embedding_hidden_mapping_in embed_project_in o!b
    encoder.albert_layer_groups.$.albert_layers.#.attention.query q_proj o!b
    encoder.albert_layer_groups.$.albert_layers.#.attention.key k_proj o!b
    encoder.albert_layer_groups.$.albert_layers.#.attention.value v_proj o!b
    encoder.albert_layer_groups.$.albert_layers.#.attention.dense o_proj o!b
    encoder.albert_layer_groups.$.albert_layers.#.attention.LayerNorm attention_output_norm 1!b
    encoder.albert_layer_groups.$.albert_layers.#.ffn up_proj o!b
    encoder.albert_layer_groups.$.albert_layers.#.ffn_output down_proj o!b
    encoder.albert_layer_groups.$.albert_layers.#.full_layer_layer_norm mlp_output_norm 1!b
    pooler pooler o?b
    =/predictions.bias lm_head.bias 1?
    /predictions.dense mlm_transform o?b
    /predictions.LayerNorm mlm_norm 1?b
    /predictions.decoder lm_head o?b

    = deberta_v2 layer plain 1 -
    c deberta-v2
    p deberta.
    + attention.self.query_proj
    embeddings.word_embeddings embed_tokens v!
    embeddings.position_embeddings embed_positions r?
    embeddings.token_type_embeddings embed_token_types r?
    embeddings.LayerNorm embed_norm 1!b
    embeddings.embed_proj embed_project_in o?b
    encoder.layer.#.attention.self.query_proj q_proj o!b
    encoder.layer.#.attention.self.key_proj k_proj o!b
    encoder.layer.#.attention.self.value_proj v_proj o!b
    encoder.layer.#.attention.self.pos_key_proj pos_k_proj o?b
    encoder.layer.#.attention.self.pos_query_proj pos_q_proj o?b
    encoder.layer.#.attention.output.dense o_proj o!b
    encoder.layer.#.attention.output.LayerNorm attention_output_norm 1!b
    encoder.layer.#.intermediate.dense up_proj o!b
    encoder.layer.#.output.dense down_proj o!b
    encoder.layer.#.output.LayerNorm mlp_output_norm 1!b
    encoder.rel_embeddings relative_attention_bias r?
    encoder.LayerNorm relative_norm 1?b
    /pooler.dense pooler o?b
    =/cls.predictions.bias lm_head.bias 1?
    /cls.predictions.transform.dense mlm_transform o?b
    /cls.predictions.transform.LayerNorm mlm_norm 1?b
    /cls.predictions.decoder lm_head o?b
    /classifier classifier o?b

    # layer 0 has no attn_norm
    = modernbert layer plain 1 -
    c modernbert
    p model.
    + layers.#.attn.Wqkv layers.#.mlp.Wi
    embeddings.tok_embeddings embed_tokens v!
    embeddings.norm embed_norm 1!b
    layers.#.attn.Wqkv qkv_proj o!b qkv_thirds
    layers.#.attn.Wo o_proj o!b
    layers.#.mlp.Wi gate_up_proj o!b gate_up
    layers.#.mlp.Wo down_proj o!b
    layers.#.attn_norm input_norm 1?b
    layers.#.mlp_norm post_attention_norm 1!b
    final_norm final_norm 1!b
    /head.dense mlm_transform o?b
    /head.norm mlm_norm 1?b
    /decoder lm_head o?b

    # v1.0 has wi, v1.1/flan has wi_0 (activated) and wi_1 (linear)
    # d_kv*num_heads need not equal d_model
    # only block 0 holds relative_attention_bias (umt5: every block)
    # old files duplicate shared as encoder.embed_tokens / decoder.embed_tokens
    = t5 rms plain 1 -
    c t5 mt5 umt5 flan-t5
    + block.#.layer.#.SelfAttention.q shared
    shared embed_tokens v!
    encoder.block.#.layer.0.SelfAttention.q encoder.q_proj o!
    encoder.block.#.layer.0.SelfAttention.k encoder.k_proj o!
    encoder.block.#.layer.0.SelfAttention.v encoder.v_proj o!
    encoder.block.#.layer.0.SelfAttention.o encoder.o_proj o!
    encoder.block.#.layer.0.SelfAttention.relative_attention_bias encoder.relative_attention_bias r?
    encoder.block.#.layer.0.layer_norm encoder.input_norm 1!
    encoder.block.#.layer.1.DenseReluDense.wi encoder.up_proj o?
    encoder.block.#.layer.1.DenseReluDense.wi_0 encoder.gate_proj o?
    encoder.block.#.layer.1.DenseReluDense.wi_1 encoder.up_proj o?
    encoder.block.#.layer.1.DenseReluDense.wo encoder.down_proj o!
    encoder.block.#.layer.1.layer_norm encoder.post_attention_norm 1!
    encoder.final_layer_norm encoder.final_norm 1!
    encoder.embed_tokens embed_tokens v?
    decoder.block.#.layer.0.SelfAttention.q decoder.q_proj o!
    decoder.block.#.layer.0.SelfAttention.k decoder.k_proj o!
    decoder.block.#.layer.0.SelfAttention.v decoder.v_proj o!
    decoder.block.#.layer.0.SelfAttention.o decoder.o_proj o!
    decoder.block.#.layer.0.SelfAttention.relative_attention_bias decoder.relative_attention_bias r?
    decoder.block.#.layer.0.layer_norm decoder.input_norm 1!
    decoder.block.#.layer.1.EncDecAttention.q decoder.cross_q_proj o!
    decoder.block.#.layer.1.EncDecAttention.k decoder.cross_k_proj o!
    decoder.block.#.layer.1.EncDecAttention.v decoder.cross_v_proj o!
    decoder.block.#.layer.1.EncDecAttention.o decoder.cross_o_proj o!
    decoder.block.#.layer.1.layer_norm decoder.cross_norm 1!
    decoder.block.#.layer.1.EncDecAttention.relative_attention_bias decoder.cross_relative_attention_bias r?
    decoder.block.#.layer.2.DenseReluDense.wi decoder.up_proj o?
    decoder.block.#.layer.2.DenseReluDense.wi_0 decoder.gate_proj o?
    decoder.block.#.layer.2.DenseReluDense.wi_1 decoder.up_proj o?
    decoder.block.#.layer.2.DenseReluDense.wo decoder.down_proj o!
    decoder.block.#.layer.2.layer_norm decoder.post_attention_norm 1!
    decoder.final_layer_norm decoder.final_norm 1!
    decoder.embed_tokens embed_tokens v?
    lm_head lm_head o?

    = bart layer plain 1 -
    c bart mbart pegasus m2m_100 marian
    p model.
    + encoder.layers.#.fc1 decoder.layers.#.encoder_attn.q_proj
    - encoder.conv1
    shared embed_tokens v?
    =/final_logits_bias lm_head.bias .?
    /lm_head lm_head o?
    encoder.layers.#.self_attn.q_proj encoder.q_proj o!b
    encoder.layers.#.self_attn.k_proj encoder.k_proj o!b
    encoder.layers.#.self_attn.v_proj encoder.v_proj o!b
    encoder.layers.#.self_attn.out_proj encoder.o_proj o!b
    encoder.layers.#.self_attn_layer_norm encoder.attention_norm 1!b
    encoder.layers.#.fc1 encoder.up_proj o!b
    encoder.layers.#.fc2 encoder.down_proj o!b
    encoder.layers.#.final_layer_norm encoder.mlp_norm 1!b
    encoder.embed_positions encoder.embed_positions r!
    encoder.embed_tokens embed_tokens v?
    encoder.layernorm_embedding encoder.embed_norm 1?b
    encoder.layer_norm encoder.final_norm 1?b
    decoder.layers.#.self_attn.q_proj decoder.q_proj o!b
    decoder.layers.#.self_attn.k_proj decoder.k_proj o!b
    decoder.layers.#.self_attn.v_proj decoder.v_proj o!b
    decoder.layers.#.self_attn.out_proj decoder.o_proj o!b
    decoder.layers.#.self_attn_layer_norm decoder.attention_norm 1!b
    decoder.layers.#.encoder_attn.q_proj decoder.cross_q_proj o!b
    decoder.layers.#.encoder_attn.k_proj decoder.cross_k_proj o!b
    decoder.layers.#.encoder_attn.v_proj decoder.cross_v_proj o!b
    decoder.layers.#.encoder_attn.out_proj decoder.cross_o_proj o!b
    decoder.layers.#.encoder_attn_layer_norm decoder.cross_norm 1!b
    decoder.layers.#.fc1 decoder.up_proj o!b
    decoder.layers.#.fc2 decoder.down_proj o!b
    decoder.layers.#.final_layer_norm decoder.mlp_norm 1!b
    decoder.embed_positions decoder.embed_positions r!
    decoder.embed_tokens embed_tokens v?
    decoder.layernorm_embedding decoder.embed_norm 1?b
    decoder.layer_norm decoder.final_norm 1?b

    # k_proj has no bias while q,v,out do
    # head is proj_out, tied to decoder.embed_tokens
    # conv kernels are [out, in, 3]
    = whisper layer plain 1 -
    c whisper
    p model.
    + encoder.conv1 decoder.layers.#.encoder_attn.q_proj
    : bart
    ! shared embed_tokens v?
    ! =/final_logits_bias lm_head.bias .?
    ! /lm_head lm_head o?
    encoder.conv1 audio.conv1 c!b
    encoder.conv2 audio.conv2 c!b
    /proj_out lm_head o?

    # layernorm_after is the MLP input norm
    # transformers 5 renames modules in memory (layers.N.attention.q_proj, mlp.fc1) but still writes the old names unless save_original_format=False
    # patch projection is [out, channels, p, p]
    = vit layer plain 1 vision
    c vit deit dinov2 dinov2_with_registers
    p vit. deit. dinov2.
    + embeddings.patch_embeddings.projection encoder.layer.#.attention.attention.query
    =embeddings.cls_token embed.cls_token .!
    =embeddings.mask_token embed.mask_token .?
    =embeddings.register_tokens embed.register_tokens .?
    =embeddings.distillation_token embed.distillation_token .?
    =embeddings.position_embeddings embed_positions .!
    embeddings.patch_embeddings.projection embed_patches c!b
    encoder.layer.#.attention.attention.query q_proj o?b
    encoder.layer.#.attention.attention.key k_proj o?b
    encoder.layer.#.attention.attention.value v_proj o?b
    encoder.layer.#.attention.output.dense o_proj o?b
    encoder.layer.#.intermediate.dense up_proj o?b
    encoder.layer.#.output.dense down_proj o?b
    encoder.layer.#.mlp.fc1 up_proj o?b
    encoder.layer.#.mlp.fc2 down_proj o?b
    encoder.layer.#.mlp.weights_in gate_up_proj o?b gate_up
    encoder.layer.#.mlp.weights_out down_proj o?b
    encoder.layer.#.layernorm_before input_norm 1?b
    encoder.layer.#.layernorm_after post_attention_norm 1?b
    encoder.layer.#.norm1 input_norm 1?b
    encoder.layer.#.norm2 post_attention_norm 1?b
    =encoder.layer.#.layer_scale1.lambda1 attention_scale 1?
    =encoder.layer.#.layer_scale2.lambda1 mlp_scale 1?
    layers.#.attention.q_proj q_proj o?b
    layers.#.attention.k_proj k_proj o?b
    layers.#.attention.v_proj v_proj o?b
    layers.#.attention.o_proj o_proj o?b
    layers.#.mlp.fc1 up_proj o?b
    layers.#.mlp.fc2 down_proj o?b
    layers.#.layernorm_before input_norm 1?b
    layers.#.layernorm_after post_attention_norm 1?b
    layernorm final_norm 1!b
    pooler.dense pooler o?b
    /classifier classifier o?b
    """
}
