/** What every form of a paper says in the same words. */
import type { Gap, Paper, PaperItem } from '../paper.js';

export const GAP = 'Not known';
export const UNVERIFIED = 'unverified reading: nobody has checked it against the text of the instrument';

/** What a reader has to know before the first item. */
export function headOf({ about, view, manifest, counts }: Paper): readonly string[] {
  const { serialNumber, version, timestamp, sha256 } = manifest;
  const { items, withGaps, forOthers, withheld } = counts;
  return [
    about,
    `Made for the audience "${view}" from the manifest ${serialNumber}, version ${version}, of ${timestamp} (SHA-256 ${sha256}).`,
    withGaps === 0
      ? `None of the ${items} items has a gap.`
      : `${withGaps} of ${items} items ${withGaps === 1 ? 'has' : 'have'} gaps. "${GAP}" marks what the manifest does not state.`,
    ...(forOthers === 0 ? [] : [`${forOthers} ${forOthers === 1 ? 'item is' : 'items are'} for other readers and left out.`]),
    ...(withheld === 0 ? [] : [`${withheld} ${withheld === 1 ? 'value is' : 'values are'} for other readers and left out.`]),
    'The paper states what the manifest states; each statement has a footnote to its evidence. Whether it is true was not examined here, nor whether an instrument applies or is kept. It is no legal advice.',
  ];
}

/** `TCS-1.1a: Provider`. */
export const titleOf = ({ id, title }: PaperItem): string => `${id}: ${title}`;

/** What is asked, and where. */
export const askedOf = ({ requirement, citation, level }: PaperItem): string =>
  `${requirement} (${level}${citation === undefined ? '' : `, ${citation}`})`;

/** `Contact of Acme: is absent (/parties/acme/contact)`. */
export const gapText = ({ pointer, label, what }: Gap): string =>
  `${label === undefined ? '' : `${label}: `}${label === undefined && pointer === '' ? 'it ' : ''}${what}${pointer === '' ? '' : ` (${pointer})`}`;

/** A reader must not take an empty place for a clean one. */
export const EMPTY = 'The manifest states nothing here.';

export const moreText = (more: number): string => `${more} more entries are in the manifest.`;
