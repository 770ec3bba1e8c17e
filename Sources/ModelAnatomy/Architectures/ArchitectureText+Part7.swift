extension ArchitectureText {
  /// From `= clip_siglip_text` on; written by scripts/make-architectures, not by hand.
  static let part7 = """
    = clip_siglip_text layer plain 1 text
    c clip clip_text_model siglip siglip_text_model
    p text_model.
    + text_model.embeddings.token_embedding
    embeddings.token_embedding embed_tokens v!
    embeddings.position_embedding embed_positions r!
    =embeddings.position_ids buffer .?
    encoder.layers.#.self_attn.q_proj q_proj o!b
    encoder.layers.#.self_attn.k_proj k_proj o!b
    encoder.layers.#.self_attn.v_proj v_proj o!b
    encoder.layers.#.self_attn.out_proj o_proj o!b
    encoder.layers.#.mlp.fc1 up_proj o!b
    encoder.layers.#.mlp.fc2 down_proj o!b
    encoder.layers.#.layer_norm1 input_norm 1!b
    encoder.layers.#.layer_norm2 post_attention_norm 1!b
    final_layer_norm final_norm 1!b
    /text_projection text_projection o?
    head text_projection o?b

    # pre_layrnorm is spelled that way
    # inside VLM files transformers 4 writes vision_tower.vision_model.*, transformers 5.23 writes vision_tower.*
    = clip_siglip_vision layer plain 1 vision
    c clip clip_vision_model siglip siglip_vision_model
    p vision_model. vision_tower.vision_model. vision_tower. model.vision_tower.vision_model. model.vision_tower.
    + embeddings.patch_embedding.weight encoder.layers.#.layer_norm1
    : clip_siglip_text
    ! embeddings.token_embedding embed_tokens v!
    ! final_layer_norm final_norm 1!b
    ! /text_projection text_projection o?
    ! head text_projection o?b
    =embeddings.class_embedding embed.class_embedding 1?
    embeddings.patch_embedding embed_patches c!b
    pre_layrnorm embed_norm 1?b
    post_layernorm final_norm 1!b
    /visual_projection visual_projection o?
    =head.probe pooler.probe .?
    =head.attention.in_proj_weight pooler.qkv_proj o? qkv_thirds
    =head.attention.in_proj_bias pooler.qkv_proj.bias 1? qkv_thirds
    head.attention.out_proj pooler.o_proj o?b
    head.layernorm pooler.norm 1?b
    head.mlp.fc1 pooler.up_proj o?b
    head.mlp.fc2 pooler.down_proj o?b
    =/logit_scale logit_scale .?
    =/logit_bias logit_bias .?

    = qwen2_vl_vision layer plain 1 vision
    c qwen2_vl qwen2_5_vl
    p visual. model.visual.
    + visual.blocks.#.attn.qkv
    patch_embed.proj embed_patches c!b
    blocks.#.attn.qkv qkv_proj o!b qkv_thirds
    blocks.#.attn.proj o_proj o!b
    blocks.#.mlp.fc1 up_proj o?b
    blocks.#.mlp.fc2 down_proj o?b
    blocks.#.mlp.gate_proj gate_proj o?b
    blocks.#.mlp.up_proj up_proj o?b
    blocks.#.mlp.down_proj down_proj o?b
    blocks.#.norm1 input_norm 1!b
    blocks.#.norm2 post_attention_norm 1!b
    merger.ln_q merger.norm 1!b
    merger.mlp.% merger.mlp.% o!b

    # gemma3 stores its projection [vision, text] = (in,out)
    = vlm_projector rms plain 1 .
    c llava gemma3 mistral3 paligemma
    p model.
    + multi_modal_projector.
    =multi_modal_projector.mm_input_projection_weight projector.proj i?
    multi_modal_projector.mm_soft_emb_norm projector.norm 1? gain_offset
    multi_modal_projector.linear_1 projector.linear_1 o?b
    multi_modal_projector.linear_2 projector.linear_2 o?b
    multi_modal_projector.linear_3 projector.linear_3 o?b
    multi_modal_projector.linear projector.proj o?b
    multi_modal_projector.norm projector.norm 1?
    multi_modal_projector.patch_merger.merging_layer projector.merge o?b
    =image_newline projector.newline 1?
    """
}
