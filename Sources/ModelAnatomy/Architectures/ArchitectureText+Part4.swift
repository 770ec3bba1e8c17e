extension ArchitectureText {
  /// From `= chatglm` on; written by scripts/make-architectures, not by hand.
  static let part4 = """
    # ChatGLM2/3 and GLM-4-9B-chat remote code; multi_query_attention=true -> q|k|v blocks, false -> qkv_per_head (recipe override)
    # dense_h_to_4h is 2*ffn rows: gate half then up half, although the name suggests a plain up projection
    = chatglm rms plain 2 -
    c chatglm
    p transformer.
    + encoder.layers.#.self_attention.query_key_value output_layer
    embedding.word_embeddings embed_tokens v!
    encoder.layers.#.self_attention.query_key_value qkv_proj o!b qkv_concat_gqa/qkv_per_head
    encoder.layers.#.self_attention.dense o_proj o!b
    encoder.layers.#.mlp.dense_h_to_4h gate_up_proj o!b gate_up
    encoder.layers.#.mlp.dense_4h_to_h down_proj o!b
    encoder.layers.#.input_layernorm input_norm 1!
    encoder.layers.#.post_attention_layernorm post_attention_norm 1!
    encoder.final_layernorm final_norm 1!
    output_layer lm_head o!b
    =rotary_pos_emb.inv_freq buffer .?

    # per-head interleave, GELU MLP without gate
    = chatglm1 layer plain 2 -
    c chatglm
    p transformer.
    + transformer.layers.#.attention.query_key_value transformer.word_embeddings
    - encoder.
    : gpt_neox
    ! embed_in embed_tokens v!
    ! final_layer_norm final_norm 1!b
    ! /embed_out lm_head o?b
    ! =layers.#.attention.bias buffer.bias .?
    ! =layers.#.attention.masked_bias buffer .?
    word_embeddings embed_tokens v!
    final_layernorm final_norm 1!b

    # separate q,k,v but fused gate_up
    # the -hf re-uploads of GLM-4-9B use this; the originals use chatglm names
    = glm rms plain 0 -
    c glm glm4
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + self_attn.q_proj mlp.gate_up_proj
    : llama
    ! layers.#.mlp.gate_proj gate_proj o!b
    ! layers.#.mlp.up_proj up_proj o!b
    layers.#.mlp.gate_up_proj gate_up_proj o!b gate_up
    layers.#.post_self_attn_layernorm attention_output_norm 1?
    layers.#.post_mlp_layernorm mlp_output_norm 1?

    # norms have no parameters at all: nothing to compare
    = olmo layer plain 1 -
    c olmo
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + layers.#.self_attn.q_proj layers.#.mlp.gate_proj
    - layernorm
    : llama
    ! layers.#.input_layernorm input_norm 1!
    ! layers.#.post_attention_layernorm post_attention_norm 1!
    ! norm final_norm 1!

    # norms are applied after attention / MLP (post-norm); post_attention_layernorm is not the MLP input norm
    # olmo2/3 q_norm,k_norm span all heads (H*D and KV*D elements); exaone4 uses head_dim elements
    = olmo2 rms plain 1 -
    c olmo2 olmo3 exaone4
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + post_feedforward_layernorm self_attn.q_norm
    - pre_feedforward_layernorm
    : gemma3
    ! layers.#.input_layernorm input_norm 1!
    ! layers.#.pre_feedforward_layernorm post_attention_norm 1!

    # checkpoints on the hub hold one Linear per expert; transformers >=5 fuses them in memory and un-fuses on save, but save_pretrained(save_original_format=False) writes the fused 3-D form: accept both
    # names equal qwen3_moe; q_norm has H*D elements instead of D
    = olmoe rms plain 1 -
    c olmoe
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + self_attn.q_norm mlp.gate.weight
    - shared_expert
    : qwen3_moe
    ! layers.#.self_attn.q_norm q_norm 1! norm_head
    ! layers.#.self_attn.k_norm k_norm 1! norm_head
    ! layers.#.mlp.gate_proj gate_proj o!b
    ! layers.#.mlp.up_proj up_proj o!b
    ! layers.#.mlp.down_proj down_proj o!b
    layers.#.self_attn.q_norm q_norm 1! norm_all
    layers.#.self_attn.k_norm k_norm 1! norm_all

    # LayerNorm with bias under llama names
    # StableLM-2-12B has one q/k norm per head: q_layernorm.norms.<head>
    = stablelm layer plain 0 -
    c stablelm
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + layers.#.self_attn.q_proj layers.#.mlp.gate_proj layers.#.input_layernorm.bias
    - block_sparse_moe
    : olmo
    layers.#.input_layernorm input_norm 1!b
    layers.#.post_attention_layernorm post_attention_norm 1!b
    norm final_norm 1!b
    layers.#.self_attn.q_layernorm.norms.% q_norm.% 1?b
    layers.#.self_attn.k_layernorm.norms.% k_norm.% 1?b

    # c_fc / c_proj are nn.Linear here
    # biases everywhere
    = starcoder2 layer plain 1 -
    c starcoder2
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + self_attn.q_proj mlp.c_fc
    : stablelm
    ! layers.#.mlp.gate_proj gate_proj o!b
    ! layers.#.mlp.up_proj up_proj o!b
    ! layers.#.mlp.down_proj down_proj o!b
    ! layers.#.self_attn.q_layernorm.norms.% q_norm.% 1?b
    ! layers.#.self_attn.k_layernorm.norms.% k_norm.% 1?b
    layers.#.mlp.c_fc up_proj o!b
    layers.#.mlp.c_proj down_proj o!b

    # parallel block: one norm
    # q_norm/k_norm (Command-R+) are 2-D [heads, head_dim]
    # logits are multiplied by logit_scale at run time
    = cohere layer plain 1 -
    c cohere cohere2
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + layers.#.self_attn.q_proj layers.#.mlp.gate_proj layers.#.input_layernorm
    - post_attention_layernorm
    : olmo
    layers.#.self_attn.q_norm q_norm 1?b
    layers.#.self_attn.k_norm k_norm 1?b
    layers.#.input_layernorm input_norm 1!b parallel
    norm final_norm 1!b

    # 3-D expert tensors even in original files: [E, 2F, h] and [E, h, F], with a .weight suffix
    # embedding, attention, residual and logit multipliers live in config
    = granitemoe rms plain 1 -
    c granitemoe granitemoeshared granitemoehybrid
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + block_sparse_moe.input_linear
    : llama
    ! layers.#.mlp.gate_proj gate_proj o!b
    ! layers.#.mlp.up_proj up_proj o!b
    ! layers.#.mlp.down_proj down_proj o!b
    layers.#.block_sparse_moe.input_linear gate_up_proj O? gate_up
    layers.#.block_sparse_moe.output_linear down_proj O?
    layers.#.block_sparse_moe.router.layer router o?
    =layers.#.block_sparse_moe.experts.gate_up_proj gate_up_proj O? gate_up
    =layers.#.block_sparse_moe.experts.down_proj down_proj O?
    layers.#.block_sparse_moe.router router o?
    layers.#.shared_mlp.input_linear shared_expert.gate_up_proj o? gate_up
    layers.#.shared_mlp.output_linear shared_expert.down_proj o?

    # LayerNorm1P: gain 1 + w with bias
    # squared-ReLU MLP without gate
    = nemotron layer offset 0 -
    c nemotron
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + mlp.up_proj input_layernorm.bias
    - mlp.gate_proj
    : stablelm
    ! layers.#.mlp.gate_proj gate_proj o!b
    ! layers.#.self_attn.q_layernorm.norms.% q_norm.% 1?b
    ! layers.#.self_attn.k_layernorm.norms.% k_norm.% 1?b

    # no gate_proj
    = arcee rms plain 1 -
    c arcee
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + mlp.up_proj self_attn.q_proj
    - mlp.gate_proj input_layernorm.bias .attention_layernorm
    : llama
    ! layers.#.mlp.gate_proj gate_proj o!b

    # activation has learned parameters; beta and eps are rank-0 tensors
    = apertus rms plain 1 -
    c apertus
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + .feedforward_layernorm mlp.up_proj
    : qwen3
    ! layers.#.mlp.gate_proj gate_proj o!b
    ! layers.#.input_layernorm input_norm 1!
    ! layers.#.post_attention_layernorm post_attention_norm 1!
    layers.#.attention_layernorm input_norm 1!
    layers.#.feedforward_layernorm post_attention_norm 1!
    =layers.#.mlp.act_fn.alpha_n activation.alpha_n .?
    =layers.#.mlp.act_fn.alpha_p activation.alpha_p .?
    =layers.#.mlp.act_fn.beta activation.beta .?
    =layers.#.mlp.act_fn.eps activation.eps .?

    = hunyuan_dense rms plain 1 -
    c hunyuan_v1_dense
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + self_attn.query_layernorm
    : llama
    layers.#.self_attn.query_layernorm q_norm 1!
    layers.#.self_attn.key_layernorm k_norm 1!

    # c_fc_0 = gate, c_fc_1 = up; gpt_neo-like names but gated and RMSNorm
    = exaone3 rms plain 1 -
    c exaone
    p transformer.
    + attn.attention.q_proj mlp.c_fc_0
    : qwen1
    ! h.#.attn.c_attn qkv_proj o!b qkv_thirds
    ! h.#.attn.c_proj o_proj o!b
    ! h.#.mlp.w1 up_proj o!b
    ! h.#.mlp.w2 gate_proj o!b
    h.#.attn.attention.q_proj q_proj o!b
    h.#.attn.attention.k_proj k_proj o!b
    h.#.attn.attention.v_proj v_proj o!b
    h.#.attn.attention.out_proj o_proj o!b
    h.#.mlp.c_fc_0 gate_proj o!b
    h.#.mlp.c_fc_1 up_proj o!b
    =h.#.attn.rotary.inv_freq buffer .?
    =rotary.inv_freq buffer .?

    = persimmon layer plain 0 -
    c persimmon fuyu
    p model. model.language_model. language_model.model. model.text_model. thinker.model.
    + self_attn.query_key_value final_layernorm
    : chatglm1
    ! word_embeddings embed_tokens v!
    ! layers.#.attention.query_key_value qkv_proj o!b qkv_per_head
    ! layers.#.attention.dense o_proj o!b
    ! =layers.#.attention.rotary_emb.inv_freq buffer .?
    embed_tokens embed_tokens v!
    layers.#.self_attn.query_key_value qkv_proj o!b qkv_per_head
    layers.#.self_attn.dense o_proj o!b
    layers.#.self_attn.q_layernorm q_norm 1?b
    layers.#.self_attn.k_layernorm k_norm 1?b

    # gate and up are interleaved element by element along the output axis
    # bf16 form is [E, h, 2F] / [E, F, h] (in,out); MXFP4 blocks are [E, 2F, h/32, 16] i.e. (out,in): decoding gives [E, 2F, h], transformers transposes afterwards
    # the original/ folder of openai/gpt-oss-* uses block.N.attn.qkv, block.N.mlp.mlp1_weight.blocks names
    = gpt_oss rms plain 1 -
    c gpt_oss
    p model.
    + self_attn.sinks
    : arcee
    ! layers.#.mlp.up_proj up_proj o!b
    ! layers.#.mlp.down_proj down_proj o!b
    =layers.#.self_attn.sinks sinks 1!
    layers.#.mlp.router router o!b
    =layers.#.mlp.experts.gate_up_proj gate_up_proj I? gate_up_interleaved
    =layers.#.mlp.experts.gate_up_proj_bias gate_up_proj.bias V! gate_up_interleaved
    =layers.#.mlp.experts.down_proj down_proj I?
    =layers.#.mlp.experts.down_proj_bias down_proj.bias V!
    """
}
