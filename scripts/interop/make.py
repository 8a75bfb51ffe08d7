"""Makes small files with the formats' own libraries: python make.py DIRECTORY"""
import sys

import gguf
import numpy as np
from safetensors.numpy import save_file

directory = sys.argv[1]
generator = np.random.default_rng(0)

save_file(
    {"a.weight": generator.random((7, 5), dtype=np.float32), "b.bias": generator.random(5).astype(np.float16), "c.index": np.arange(3, dtype=np.int64), "scalar": np.array(1.0)},
    f"{directory}/made.safetensors",
    metadata={"format": "np"},
)

writer = gguf.GGUFWriter(f"{directory}/made.gguf", "llama")
writer.add_name("Made")
writer.add_context_length(128)
writer.add_license("mit")
writer.add_token_list([f"token-{i}" for i in range(100)])
writer.add_tensor("plain", generator.random((4, 32), dtype=np.float32))
writer.add_tensor("half", generator.random((2, 64)).astype(np.float16))
writer.add_tensor("packed", gguf.quants.quantize(generator.random((4, 64), dtype=np.float32), gguf.GGMLQuantizationType.Q8_0), raw_dtype=gguf.GGMLQuantizationType.Q8_0)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
