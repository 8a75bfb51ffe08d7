/** A directory without the weights of a model: what lies there in their place, if anything. */
import type { Finding } from '../../core/finding.js';
import type { DescribedFile } from '../artifacts.js';
import { baseName } from '../contribution.js';
import type { FoundModels } from './find.js';

/** Findings that say that files of the model are elsewhere. */
export const NOT_HERE: ReadonlySet<string> = new Set(['no-weights', 'storage-pointer', 'shard-missing', 'companion-missing']);

/** What only a model has beside its weights. */
const OF_A_MODEL =
  /^(?:config|generation_config|model_index|modules|adapter_config|params|preprocessor_config|hparams|saved_model|Modelfile|MLmodel|Kitfile)(?:\.(?:json|ya?ml|pb))?$/;

/** That no weights are here, and how grave that is: nothing of a model, or one whose weights lie elsewhere. */
export function withoutWeights(
  { subject, others, tooMany }: FoundModels,
  artifacts: readonly DescribedFile[],
  findings: readonly Finding[],
): readonly Finding[] {
  const pointers = new Set(findings.filter(({ id }) => id === 'storage-pointer').map(({ file }) => file));
  if (tooMany !== undefined) return [];
  const isHere = [subject, ...others].some((model) => model !== undefined && [...model.weights].some((path) => !pointers.has(path)));
  if (isHere) return [];
  const trace =
    artifacts.find(({ path, role }) => role === 'index' || OF_A_MODEL.test(baseName(path)))?.path ??
    [...pointers][0] ??
    findings.find(({ id }) => id === 'storage-pointer')?.file;
  return [
    {
      id: 'no-weights',
      severity: trace === undefined ? 'high' : 'medium',
      message:
        trace === undefined
          ? 'no weights of a model are here, nor a configuration, an index or a pointer to them'
          : `no weights of the model are here, only what belongs to them (\`${trace}\`)`,
      fix: 'Fetch the weights, or collect the directory in which they lie.',
    },
  ];
}
