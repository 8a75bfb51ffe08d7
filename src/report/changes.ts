import type { Printable } from '../core/printable.js';
import type { ManifestChange } from '../manifest/diff.js';
import { excerpt } from './excerpt.js';
import { type Line, type Paint, plain, printLines } from './lines.js';
import { SEVERITY_STYLES } from './text.js';

const SIGNS: Readonly<Record<ManifestChange['kind'], string>> = { added: '+', removed: '-', changed: '~', contradicted: '!', agreed: '=' };

const MAX_VALUE = 60;

/** Changes under their area, the most serious areas first. */
export function changesAsText(changes: readonly ManifestChange[], paint: Paint = plain): Printable {
  if (changes.length === 0) return printLines(['no difference']);
  const areas = [...new Set(changes.map(({ area }) => area))];
  const lines = areas.flatMap((area): readonly Line[] => [
    [['bold', area]],
    ...changes
      .filter((change) => change.area === area)
      .map(
        (change): Line => [
          `  ${SIGNS[change.kind]} `,
          [SEVERITY_STYLES[change.severity], change.severity],
          ` ${change.label}${values(change)}`,
        ],
      ),
  ]);
  return printLines(lines, paint);
}

function values({ before, after }: ManifestChange): string {
  if (before !== undefined && after !== undefined) return `: ${excerpt(before, MAX_VALUE)} → ${excerpt(after, MAX_VALUE)}`;
  const only = before ?? after;
  return typeof only === 'object' ? '' : `: ${excerpt(only, MAX_VALUE)}`;
}
