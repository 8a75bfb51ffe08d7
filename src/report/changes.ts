import type { ManifestChange } from '../manifest/diff.js';
import { type Paint, plain, SEVERITY_STYLES } from './text.js';

const SIGNS: Readonly<Record<ManifestChange['kind'], string>> = { added: '+', removed: '-', changed: '~' };

/** Changes under their area, the most serious areas first. */
export function changesAsText(changes: readonly ManifestChange[], paint: Paint = plain): string {
  if (changes.length === 0) return 'no difference\n';
  const areas = [...new Set(changes.map(({ area }) => area))];
  const lines = areas.flatMap((area) => [
    paint('bold', area),
    ...changes
      .filter((change) => change.area === area)
      .map(
        (change) => `  ${SIGNS[change.kind]} ${paint(SEVERITY_STYLES[change.severity], change.severity)} ${change.label}${values(change)}`,
      ),
  ]);
  return `${lines.join('\n')}\n`;
}

function values({ before, after }: ManifestChange): string {
  if (before !== undefined && after !== undefined) return `: ${excerpt(before)} → ${excerpt(after)}`;
  const only = before ?? after;
  return typeof only === 'object' ? '' : `: ${excerpt(only)}`;
}

function excerpt(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
