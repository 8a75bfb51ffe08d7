"""The Trainer of transformers, with an adapter by PEFT where asked for, and SFT by TRL."""
import sys

import torch
import transformers
from rows import out

transformers.logging.set_verbosity_error()
config = transformers.LlamaConfig(hidden_size=8, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, vocab_size=32)
model = transformers.LlamaForCausalLM(config)
rows = [{"input_ids": [1, 2, 3, 4], "labels": [1, 2, 3, 4]} for _ in range(4)]
settings = dict(output_dir=str(out()), max_steps=2, learning_rate=0.003, report_to=[], use_cpu=True, save_steps=1, disable_tqdm=True)
kind = sys.argv[1] if len(sys.argv) > 1 else "plain"
if kind == "peft":
    import peft

    base = out("base")
    model.save_pretrained(base)
    model = peft.get_peft_model(transformers.LlamaForCausalLM.from_pretrained(base), peft.LoraConfig(r=2, target_modules=["q_proj"]))
if kind == "trl":
    import string

    import datasets
    import tokenizers
    import trl

    vocabulary = {"<pad>": 0, "</s>": 1, **{word: i + 2 for i, word in enumerate(string.ascii_lowercase)}}
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="<pad>"))
    words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="</s>")
    made = datasets.Dataset.from_list([{"text": "a b c d"} for _ in rows])
    trainer = trl.SFTTrainer(model=model, args=trl.SFTConfig(**settings), train_dataset=made, processing_class=tokenizer)
else:
    trainer = transformers.Trainer(model=model, args=transformers.TrainingArguments(**settings), train_dataset=rows)
trainer.train()
trainer.save_model(str(out()))
trainer.save_state()
