/** Footers of Parquet files: rows, columns, the program that wrote them. */
import { MsbomError } from '../../../core/error.js';
import type { SourceCollector } from '../../contribution.js';
import { tableNote, unreadableTable } from '../../dataset/tables.js';
import { isParquet, readParquet } from './footer.js';

export const parquet: SourceCollector = {
  id: 'parquet',
  files: '`*.parquet`',
  matches: (path) => /\.parquet$/i.test(path),
  async collectSource(source, { limits }) {
    try {
      const head = await source.read(0, Math.min(4, source.size));
      if (!isParquet(head))
        throw new MsbomError('ERR_FORMAT_MALFORMED', 'the file does not begin with PAR1', { file: source.name, offset: 0 });
      return tableNote(source.name, await readParquet(source, limits));
    } catch (error) {
      return unreadableTable(source.name, 'Parquet', error);
    }
  },
};
