/** `emissions.csv` of CodeCarbon. Source: https://mlco2.github.io/codecarbon/output.html */
import type { Finding } from '../../../core/finding.js';
import { baseName, type Collector, RANKS } from '../../contribution.js';
import { numberOf, smallTable } from '../shared/numbers.js';
import { claim, textOf } from '../shared/run-file.js';

const MAX_BYTES = 4 * 1024 * 1024;
/** What tells its tables from others of the name. */
const TELLING = ['emissions', 'energy_consumed', 'duration'];

export const codecarbon: Collector = {
  id: 'codecarbon',
  files: '`emissions.csv`',
  matches: (path) => baseName(path) === 'emissions.csv',
  collect({ path, bytes }) {
    const table = bytes.byteLength > MAX_BYTES ? undefined : smallTable(textOf(bytes) ?? '');
    if (table === undefined || !TELLING.every((column) => table.columns.includes(column))) return { contributions: [] };
    // Each row is a session that was measured; which of several made the model nobody can say.
    if (table.rows.length > 1) return { contributions: [], findings: [several(path, table.rows.length)] };
    const cell = (column: string): string | undefined => table.rows[0]?.[table.columns.indexOf(column)] || undefined;
    const from = (key: string) => ({ origin: 'observed', path, key, method: 'CodeCarbon' }) as const;
    const kilograms = numberOf(cell('emissions'));
    const energy = numberOf(cell('energy_consumed'));
    const seconds = numberOf(cell('duration'));
    const methodology = [
      `CodeCarbon${cell('codecarbon_version') === undefined ? '' : ` ${cell('codecarbon_version')}`}`,
      ...['tracking_mode', 'country_name', 'region', 'cloud_provider', 'cloud_region', 'cpu_model', 'gpu_model', 'pue'].flatMap(
        (column) => {
          const value = cell(column);
          return value === undefined ? [] : [`${column.replaceAll('_', ' ')}: ${value}`];
        },
      ),
    ].join('; ');
    return {
      contributions: [
        ...(energy === undefined || energy < 0
          ? []
          : claim('/model/training/energy/kilowattHours', energy, RANKS.run, from('energy_consumed'))),
        ...(energy === undefined ? [] : claim('/model/training/energy/methodology', methodology, RANKS.run, from('codecarbon_version'))),
        ...(kilograms === undefined || kilograms < 0
          ? []
          : claim('/model/training/energy/carbon', { tonnesCo2Equivalent: kilograms / 1000, methodology }, RANKS.run, from('emissions'))),
        ...(seconds === undefined || seconds <= 0
          ? []
          : claim('/model/training/duration/wallClockDays', seconds / 86_400, RANKS.run, from('duration'))),
      ],
    };
  },
};

const several = (file: string, rows: number): Finding => ({
  id: 'several-runs',
  severity: 'low',
  message: `the table has ${rows} sessions, and does not say which of them made the model; none was used`,
  fix: 'Keep the row of the run that made the model.',
  file,
});
