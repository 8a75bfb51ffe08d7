/** Products of statements by their package URLs and CPEs. */
import { productOfCpe } from '../cpe.js';
import { ecosystemOf } from '../ecosystems.js';
import { readPurl } from '../purl.js';
import { member } from '../values.js';
import type { VexProduct } from './statement.js';

/** None for what is neither, or of a type that is not looked up. */
export function productsOf(id: string | undefined): readonly VexProduct[] {
  if (id === undefined) return [];
  if (id.startsWith('cpe:')) {
    const product = productOfCpe(id);
    return product === undefined ? [] : [{ ecosystem: 'CPE', ...product }];
  }
  if (!id.startsWith('pkg:')) return [];
  const read = readPurl(id);
  if (typeof read === 'string') return [];
  const { ecosystem, name, version } = read;
  return [{ ecosystem, name: ecosystemOf(ecosystem).name(name), ...member('version', version) }];
}
