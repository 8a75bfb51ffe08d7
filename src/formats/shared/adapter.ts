/** Low-rank factors and other parts of adapters are named so by PEFT, diffusers and kohya. */
const ADAPTER_NAMES = /lora_|\.alpha$|hada_w|dora_scale|lokr_|oft_|ia3_|modules_to_save|prompt_embeddings|magnitude_vector/i;

export function isAdapterTensor(name: string): boolean {
  return ADAPTER_NAMES.test(name);
}
