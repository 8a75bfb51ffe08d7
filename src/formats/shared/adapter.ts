/** Low-rank factors and other parts of adapters are named so by PEFT, diffusers (its older files `to_q_lora.down.weight`) and kohya. */
const ADAPTER_NAMES =
  /lora_|[._]lora\.(?:down|up|mid)\.|\.alpha$|hada_w|dora_scale|lokr_|oft_|ia3_|modules_to_save|prompt_embeddings|magnitude_vector/i;

/** TRL adds a head that estimates rewards to a model, and saves it by itself beside an adapter. Source: trl/models/modeling_value_head.py */
export const isValueHead = (tensors: readonly { readonly name: string }[]): boolean =>
  tensors.length > 0 && tensors.every(({ name }) => name.startsWith('v_head.'));

/** What a file with nothing but such a head is. */
export const VALUE_HEAD = 'value head';

export function isAdapterTensor(name: string): boolean {
  return ADAPTER_NAMES.test(name);
}
