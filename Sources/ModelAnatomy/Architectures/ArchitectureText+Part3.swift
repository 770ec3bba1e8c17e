extension ArchitectureText {
  /// From `= gpt2` on; written by scripts/make-architectures, not by hand.
  static let part3 = """
    # all four projections are Conv1D: stored [in, out]; the qkv split runs over columns
    # openai-community/gpt2 has no transformer. prefix and stores the causal mask as h.N.attn.bias (1,1,1024,1024): do not mistake it for a bias vector
    # PEFT adapters on it use fan_in_fan_out=true
    = gpt2 layer plain 1 -
    c gpt2 gpt-sw3
    p transformer.
    + h.#.attn.c_attn h.#.mlp.c_fc wpe
    - mlp.w1
    wte embed_tokens v!
    wpe embed_positions r!
    h.#.attn.c_attn qkv_proj i!b qkv_thirds
    h.#.attn.c_proj o_proj i!b
    h.#.mlp.c_fc up_proj i!b
    h.#.mlp.c_proj down_proj i!b
    h.#.ln_1 input_norm 1!b
    h.#.ln_2 post_attention_norm 1!b
    ln_f final_norm 1!b
    =h.#.attn.bias buffer.bias .?
    =h.#.attn.masked_bias buffer .?
    h.#.crossattention.q_attn cross_q_proj i?b
    h.#.crossattention.c_attn cross_kv_proj i?b
    h.#.crossattention.c_proj cross_o_proj i?b
    /lm_head lm_head o?b

    # names identical to gpt2 but nn.Linear [out,in]
    # multi_query=false switches the fused layout to qkv_per_head (recipe override): rows 3*h instead of h+2*D
    = gpt_bigcode layer plain 1 -
    c gpt_bigcode
    p transformer.
    + h.#.attn.c_attn h.#.mlp.c_fc wpe
    - mlp.w1
    wte embed_tokens v!
    wpe embed_positions r!
    h.#.attn.c_attn qkv_proj o!b qkv_multi_query/qkv_per_head
    h.#.attn.c_proj o_proj o!b
    h.#.mlp.c_fc up_proj o!b
    h.#.mlp.c_proj down_proj o!b
    h.#.ln_1 input_norm 1!b
    h.#.ln_2 post_attention_norm 1!b
    ln_f final_norm 1!b
    =h.#.attn.bias buffer.bias .?
    /lm_head lm_head o?b

    # lm_head has a bias
    # one norm feeds both attention and MLP
    = gptj layer plain 1 -
    c gptj
    p transformer.
    + h.#.attn.q_proj h.#.mlp.fc_in
    wte embed_tokens v!
    h.#.attn.q_proj q_proj o!b
    h.#.attn.k_proj k_proj o!b
    h.#.attn.v_proj v_proj o!b
    h.#.attn.out_proj o_proj o!b
    h.#.mlp.fc_in up_proj o!b
    h.#.mlp.fc_out down_proj o!b
    h.#.ln_1 input_norm 1!b parallel
    ln_f final_norm 1!b
    =h.#.attn.bias buffer.bias .?
    =h.#.attn.masked_bias buffer .?
    /lm_head lm_head o?b

    # c_fc/c_proj are nn.Linear [out,in] here, unlike gpt2
    = gpt_neo layer plain 1 -
    c gpt_neo
    p transformer.
    + h.#.attn.attention.q_proj h.#.mlp.c_fc.
    : gpt_bigcode
    ! h.#.attn.c_attn qkv_proj o!b qkv_multi_query/qkv_per_head
    ! h.#.attn.c_proj o_proj o!b
    ! =h.#.attn.bias buffer.bias .?
    h.#.attn.attention.q_proj q_proj o!b
    h.#.attn.attention.k_proj k_proj o!b
    h.#.attn.attention.v_proj v_proj o!b
    h.#.attn.attention.out_proj o_proj o!b
    =h.#.attn.attention.bias buffer.bias .?
    =h.#.attn.attention.masked_bias buffer .?

    # qkv interleaved per head
    # head is called embed_out; transformers 5 calls it lm_head in memory and converts back on save unless save_original_format=False
    # pythia files keep boolean mask buffers attention.bias / masked_bias / rotary_emb.inv_freq
    = gpt_neox layer plain 0 -
    c gpt_neox gpt_neox_japanese
    p gpt_neox.
    + attention.query_key_value embed_in
    embed_in embed_tokens v!
    layers.#.attention.query_key_value qkv_proj o!b qkv_per_head
    layers.#.attention.dense o_proj o!b
    layers.#.mlp.dense_h_to_4h up_proj o!b
    layers.#.mlp.dense_4h_to_h down_proj o!b
    layers.#.input_layernorm input_norm 1!b
    layers.#.post_attention_layernorm post_attention_norm 1!b
    final_layer_norm final_norm 1!b
    /embed_out lm_head o?b
    /lm_head lm_head o?b
    =layers.#.attention.bias buffer.bias .?
    =layers.#.attention.masked_bias buffer .?
    =layers.#.attention.rotary_emb.inv_freq buffer .?

    # fused order is q, v, k inside each of 4 slabs
    = codegen layer plain 1 -
    c codegen
    p transformer.
    + h.#.attn.qkv_proj h.#.mlp.fc_in
    wte embed_tokens v!
    h.#.attn.qkv_proj qkv_proj o! qkv_codegen_mp4
    h.#.attn.out_proj o_proj o!
    h.#.mlp.fc_in up_proj o!b
    h.#.mlp.fc_out down_proj o!b
    h.#.ln_1 input_norm 1!b parallel
    ln_f final_norm 1!b
    =h.#.attn.causal_mask buffer .?
    /lm_head lm_head o?b

    # three fused layouts, chosen by config: new_decoder_architecture=true -> qkv_grouped_kv; else multi_query=true -> qkv_multi_query (7B); else qkv_per_head (rw-1b)
    # num_kv_heads in config is ignored unless new_decoder_architecture or not multi_query
    # norm set changes with the variant (ln_attn+ln_mlp for 40B/180B; one input_layernorm for 7B and 11B)
    = falcon layer plain 1 -
    c falcon RefinedWeb RefinedWebModel
    p transformer.
    + h.#.self_attention.query_key_value word_embeddings
    - word_embeddings_layernorm
    word_embeddings embed_tokens v!
    h.#.self_attention.query_key_value qkv_proj o!b qkv_grouped_kv
    h.#.self_attention.dense o_proj o!b
    h.#.mlp.dense_h_to_4h up_proj o!b
    h.#.mlp.dense_4h_to_h down_proj o!b
    h.#.input_layernorm input_norm 1?b
    h.#.post_attention_layernorm post_attention_norm 1?b
    h.#.ln_attn input_norm 1?b
    h.#.ln_mlp post_attention_norm 1?b
    ln_f final_norm 1!b
    /lm_head lm_head o?b

    # native class: three equal contiguous blocks; norms have no bias
    = mpt layer plain 1 -
    c mpt
    p transformer.
    + blocks.#.attn.Wqkv blocks.#.ffn.up_proj
    wte embed_tokens v!
    wpe embed_positions r?
    blocks.#.attn.Wqkv qkv_proj o!b qkv_concat_gqa
    blocks.#.attn.out_proj o_proj o!b
    blocks.#.attn.q_ln q_norm 1?b
    blocks.#.attn.k_ln k_norm 1?b
    blocks.#.ffn.up_proj up_proj o!b
    blocks.#.ffn.down_proj down_proj o!b
    blocks.#.norm_1 input_norm 1!b
    blocks.#.norm_2 post_attention_norm 1!b
    norm_f final_norm 1!b
    /lm_head lm_head o?b

    # all experts share one 2-D tensor [E*F, h]; w2 slices are [F, h] = transposed down
    = dbrx layer plain 1 -
    c dbrx
    p transformer.
    + norm_attn_norm.attn.Wqkv
    wte embed_tokens v!
    blocks.#.norm_attn_norm.attn.Wqkv qkv_proj o!b qkv_concat_gqa
    blocks.#.norm_attn_norm.attn.out_proj o_proj o!b
    blocks.#.norm_attn_norm.norm_1 input_norm 1!b
    blocks.#.norm_attn_norm.norm_2 post_attention_norm 1!b
    blocks.#.ffn.router.layer router o!
    =blocks.#.ffn.experts.mlp.w1 gate_proj x! experts_rows
    =blocks.#.ffn.experts.mlp.v1 up_proj x! experts_rows
    =blocks.#.ffn.experts.mlp.w2 down_proj y! experts_rows
    norm_f final_norm 1!b
    /lm_head lm_head o?b

    # same leaf names as falcon, per-head interleave
    # bigscience files have no transformer. prefix
    = bloom layer plain 1 -
    c bloom
    p transformer.
    + word_embeddings_layernorm query_key_value
    word_embeddings embed_tokens v!
    word_embeddings_layernorm embed_norm 1!b
    h.#.self_attention.query_key_value qkv_proj o!b qkv_per_head
    h.#.self_attention.dense o_proj o!b
    h.#.mlp.dense_h_to_4h up_proj o!b
    h.#.mlp.dense_4h_to_h down_proj o!b
    h.#.input_layernorm input_norm 1!b
    h.#.post_attention_layernorm post_attention_norm 1!b
    ln_f final_norm 1!b
    /lm_head lm_head o?b

    # layers.N.final_layer_norm is the MLP norm, decoder.final_layer_norm the model norm
    # opt-350m: post-norm, no model norm, embedding width 512 with project_in/project_out
    # position table has 2 extra rows
    = opt layer plain 1 -
    c opt
    p model.decoder. decoder.
    + decoder.layers.#.fc1 decoder.embed_positions
    - encoder.
    embed_tokens embed_tokens v!
    embed_positions embed_positions r!
    project_in embed_project_in o?
    project_out embed_project_out o?
    layers.#.self_attn.q_proj q_proj o!b
    layers.#.self_attn.k_proj k_proj o!b
    layers.#.self_attn.v_proj v_proj o!b
    layers.#.self_attn.out_proj o_proj o!b
    layers.#.fc1 up_proj o!b
    layers.#.fc2 down_proj o!b
    layers.#.self_attn_layer_norm input_norm 1!b
    layers.#.final_layer_norm post_attention_norm 1!b
    final_layer_norm final_norm 1?b
    /lm_head lm_head o?b

    # Baichuan2 only: lm_head rows are L2-normalised at run time (NormHead), so compare normalised rows; Baichuan1 has a plain head (tell by vocab_size 125696 vs 64000)
    = baichuan rms plain 1 -
    c baichuan
    p model.
    + self_attn.W_pack
    : llama
    ! layers.#.self_attn.q_proj q_proj o!b
    ! layers.#.self_attn.k_proj k_proj o!b
    ! layers.#.self_attn.v_proj v_proj o!b
    layers.#.self_attn.W_pack qkv_proj o!b qkv_thirds

    # wqkv is grouped per kv head: [q...q,k,v] repeated, not q|k|v blocks
    # w1=gate, w3=up, w2=down
    = internlm2 rms plain 1 -
    c internlm2
    p model. language_model.model.
    + attention.wqkv feed_forward.w1
    tok_embeddings embed_tokens v!
    layers.#.attention.wqkv qkv_proj o!b qkv_grouped_kv
    layers.#.attention.wo o_proj o!b
    layers.#.feed_forward.w1 gate_proj o!b
    layers.#.feed_forward.w2 down_proj o!b
    layers.#.feed_forward.w3 up_proj o!b
    layers.#.attention_norm input_norm 1!
    layers.#.ffn_norm post_attention_norm 1!
    norm final_norm 1!
    /output lm_head o?b
    """
}
