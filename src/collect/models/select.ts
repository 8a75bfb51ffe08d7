/** One of several models, as the caller names it. */
import { MsbomError } from '../../core/error.js';
import { type FoundModel, type FoundModels, SUBJECT } from './find.js';
import type { Owners } from './owners.js';

/**
 * The model of an id, a file or a directory, and which files are its own.
 * @throws ERR_COLLECT_SELECT when there is none
 */
export function selectModel(
  { subject, others }: FoundModels,
  owners: Owners,
  wanted: string,
  directory: string,
): { readonly model: FoundModel; readonly isOwn: (path: string) => boolean } {
  const plain = wanted.replace(/^\.\//, '');
  const all = [...(subject === undefined ? [] : [subject]), ...others];
  const folder = plain.endsWith('/') ? plain : `${plain}/`;
  const model =
    all.find(({ id, weights }) => id === wanted || weights.has(plain)) ??
    only(all.filter(({ homes }) => homes.has(folder))) ??
    only(all.filter(({ homes }) => [...homes].some((home) => home.startsWith(folder))));
  if (model === undefined)
    throw new MsbomError('ERR_COLLECT_SELECT', `no single model of the directory goes by \`${wanted}\``, {
      file: directory,
      hint: `Name one of: ${all
        .slice(0, 20)
        .map(({ id }) => (id === SUBJECT ? `${SUBJECT} (the one at the top)` : id))
        .join(', ')}${all.length > 20 ? ', …' : ''}.`,
    });
  return { model, isOwn: (path) => owners(path).model === model.id };
}

const only = (models: readonly FoundModel[]): FoundModel | undefined => (models.length === 1 ? models[0] : undefined);
