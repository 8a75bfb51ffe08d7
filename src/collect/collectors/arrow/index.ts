/** Arrow IPC files and streams, as the `datasets` library saves them: rows and columns. */
import type { SourceCollector } from '../../contribution.js';
import { tableNote, unreadableTable } from '../../dataset/tables.js';
import { readArrow } from './stream.js';

export const arrow: SourceCollector = {
  id: 'arrow',
  files: '`*.arrow`',
  matches: (path) => /\.arrow$/i.test(path),
  async collectSource(source, { limits }) {
    try {
      return tableNote(source.name, await readArrow(source, limits));
    } catch (error) {
      return unreadableTable(source.name, 'Arrow', error);
    }
  },
};
