/** Which variables of a checkpoint are weights of the model. */

export type Part = 'model' | 'optimizer' | 'state';

/** Slots that optimizers of TensorFlow 1 put beside a variable, and the same in training scripts of that time. */
const SLOTS: ReadonlySet<string> = new Set(
  (
    'Adam Adam_1 AdamAsync AdamAsync_1 adam_m adam_v LAMB lamb_m lamb_v lars_m Momentum RMSProp RMSProp_1 RMSProp_2 Adagrad AdagradDA AdagradDA_1 Adadelta Adadelta_1 ' +
    'Ftrl Ftrl_1 ProximalAdagrad ExponentialMovingAverage m v vr vc vhat momentum rms accumulator'
  ).split(' '),
);
const COUNTERS = /^(global_step|beta[12]_power(_\d+)?|save_counter|step|epoch)$/;
const VALUE = '/.ATTRIBUTES/VARIABLE_VALUE';

/**
 * The part that each key belongs to. Keras 3 exports list the model's variables twice, as `variables` (with the state of
 * seed generators) and as `_all_variables`; then only the second list counts.
 */
export function partsOf(keys: ReadonlySet<string>): (key: string) => Part {
  const exported = keys.has(`_all_variables/0${VALUE}`);
  return (key) => {
    const path = key.endsWith(VALUE) ? key.slice(0, -VALUE.length) : key;
    if (path.includes('/.OPTIMIZER_SLOT/')) return 'optimizer';
    if (exported && /^(trainable_|non_trainable_)?variables\/\d+$/.test(path)) return 'state';
    // The optimizer also lists the variables that it trains; a checkpoint names each under one of its paths only.
    if (/(^|\/)(_?optimizer|optimizer_\d+)\//.test(path)) return path.includes('/_trainable_variables/') ? 'model' : 'optimizer';
    if (COUNTERS.test(path) || /(^|\/)(keras_api\/)?metrics\/\d+\//.test(path) || path.includes('seed_generator')) return 'state';
    const slash = path.lastIndexOf('/');
    return slash > 0 && SLOTS.has(path.slice(slash + 1)) && keys.has(path.slice(0, slash)) ? 'optimizer' : 'model';
  };
}
