"""Counts are those of the models themselves, kept in parameters.json when the checkpoints are made."""
import contextlib
import json
import math

IMPORTS = ["tensorflow", "keras", "numpy"]


def make(directory):
    import keras
    import numpy as np
    import tensorflow as tf

    keras.utils.set_random_seed(0)
    counts = {}
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.BatchNormalization(), keras.layers.Dense(1)], name="tiny")
    model.compile(optimizer="adam", loss="mse")
    model.fit(np.ones((8, 4)), np.ones((8, 1)), verbose=0)
    path = tf.train.Checkpoint(model=model, optimizer=model.optimizer).save(str(directory / "trained"))
    counts[path.split("/")[-1]] = model.count_params()

    module = tf.Module()
    types = [tf.float16, tf.bfloat16, tf.float64, tf.int8, tf.complex64, tf.uint16]
    module.many = [tf.Variable(tf.zeros((i % 7, 2), types[i % len(types)]), name=f"v{i}") for i in range(100)]
    tf.train.Checkpoint(module=module).write(str(directory / "many"))
    counts["many"] = sum(int(tf.size(variable)) for variable in module.many if variable.dtype != tf.uint16)

    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        weight = v1.get_variable("w", [4, 3], use_resource=False)
        parts = v1.get_variable("parts", [6, 2], partitioner=v1.fixed_size_partitioner(3), use_resource=False)
        loss = tf.reduce_sum(tf.matmul(tf.ones((1, 4)), weight)) + tf.reduce_sum(tf.convert_to_tensor(parts))
        v1.train.AdamOptimizer().minimize(loss, global_step=v1.train.get_or_create_global_step())
        session.run(v1.global_variables_initializer())
        # The text file `checkpoint` repeats the path that is given here.
        with contextlib.chdir(directory):
            v1.train.Saver().save(session, "model.ckpt", global_step=0)
        counts["model.ckpt-0"] = sum(math.prod(variable.shape.as_list()) for variable in v1.trainable_variables())
    (directory / "parameters.json").write_text(json.dumps(counts))
    # A graph of the same training; it is what tensorflow-graphdef reads.
    (directory / "model.ckpt-0.meta").unlink()


def facts(path):
    import tensorflow as tf

    if path.name == "checkpoint":
        state = tf.train.get_checkpoint_state(path.parent)
        return {"format": "tensorflow-checkpoint", "metadata.model_checkpoint_path": state.model_checkpoint_path.split("/")[-1]}
    if path.suffix != ".index":
        return None
    reader = tf.train.load_checkpoint(str(path)[: -len(".index")])
    shapes = reader.get_variable_to_shape_map()
    types = reader.get_variable_to_dtype_map()
    result = {
        "format": "tensorflow-checkpoint",
        "tensors.count": len(shapes),
        "shapes": shapes,
        "types": {name: dtype.name for name, dtype in types.items()},
        "companions": sorted(file.name for file in path.parent.glob(f"{path.stem}.data-*")),
    }
    known = path.parent / "parameters.json"
    if known.exists():
        result["tensors.parameters"] = json.loads(known.read_text())[path.stem]
    return result
