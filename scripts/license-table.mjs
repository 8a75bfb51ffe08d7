/**
 * Makes src/collect/licenses/table.ts from the texts of the SPDX licence list.
 * node scripts/license-table.mjs DIRECTORY   with ID.json {licenseText} as the package spdx-license-list has them
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

const [directory] = process.argv.slice(2);
const { code } = transformSync(readFileSync('src/collect/licenses/words.ts', 'utf8'), { loader: 'ts' });
const { licenseWords } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

/** Parts that stand in every copy, by their first and last words; between two of them stand up to so many others. */
const BSD = 'redistribution and use in source and binary forms .. materials provided with the distribution';
const BSD_WARRANTY = 'as is and any express or implied warranties .. are disclaimed in no event shall';
const BSD_LIABILITY = 'be liable for any direct indirect incidental special .. possibility of such damage';
const BSD_NAMES = 'may be used to endorse or promote products .. specific prior written permission';
const LIABLE = 'be liable for any special direct indirect or consequential .. use or performance of this software';
const DISCLAIMS = 'disclaims all warranties with regard to this software .. fitness in no event shall';
const MIT_LIABLE = 'be liable for any claim damages or other .. other dealings in the software';
const CC4 = (last) => [`by exercising the licensed rights defined below you .. ${last}`];

const ROWS = {
  MIT: [
    'permission is hereby granted free of charge to .. this permission notice',
    8,
    'shall be included in all copies or substantial .. infringement in no event shall',
    14,
    MIT_LIABLE,
  ],
  'MIT-0': ['permission is hereby granted free of charge to .. infringement in no event shall', 14, MIT_LIABLE],
  ISC: ['permission to use copy modify and or distribute .. provided as is and', 14, DISCLAIMS, 14, LIABLE],
  'ISC ': [
    { as: 'permission to use copy modify and distribute .. provided as is and', instead: ['or distribute', 'distribute'] },
    14,
    DISCLAIMS,
    14,
    LIABLE,
  ],
  '0BSD': ['permission to use copy modify and or distribute .. provided as is and', 14, DISCLAIMS, 14, LIABLE],
  'BSD-2-Clause': [BSD, 3, 'this software is provided by', 16, BSD_WARRANTY, 16, BSD_LIABILITY],
  'BSD-3-Clause': [BSD, 3, 'neither the name of', 30, BSD_NAMES, 1, 'this software is provided by', 16, BSD_WARRANTY, 16, BSD_LIABILITY],
  'BSD-3-Clause ': [
    BSD,
    3,
    { as: 'neither the names of', instead: ['neither the name', 'neither the names'] },
    30,
    BSD_NAMES,
    1,
    'this software is provided by',
    16,
    BSD_WARRANTY,
    16,
    BSD_LIABILITY,
  ],
  'BSD-3-Clause-Clear': [
    'redistribution and use in source and binary forms .. permitted subject to the limitations in the disclaimer below provided that .. provided with the distribution',
    2,
    'neither the name of',
    30,
    BSD_NAMES,
    1,
    'no express or implied licenses to any party .. this license this software is provided by',
    16,
    'as is and any express or implied warranties .. in no event shall',
    16,
    BSD_LIABILITY,
  ],
  Zlib: ['this software is provided as is without any .. may not be removed or altered from any source distribution'],
  Unlicense: ['this is free and unencumbered software released into .. or other dealings in the software'],
  WTFPL: ['everyone is permitted to copy and distribute verbatim or modified .. just do what the fuck you want to'],
  'BSL-1.0': ['permission is hereby granted free of charge to any person or organization .. other dealings in the software'],
  'Apache-2.0': ['definitions license shall mean the terms and conditions .. any such warranty or additional liability'],
  'MPL-2.0': [
    'definitions contributor means each individual or legal .. copyright doctrines of fair use fair dealing or other equivalents .. of this license must be attached',
  ],
  'GPL-2.0': ['this license applies to any program or other .. advised of the possibility of such damages'],
  'GPL-3.0': ['definitions this license refers to version of the gnu general public license .. copy of the program in return for fee'],
  'AGPL-3.0': ['definitions this license refers to version of the gnu affero .. copy of the program in return for fee'],
  'LGPL-2.1': ['this license agreement applies to any software library .. advised of the possibility of such damages'],
  'LGPL-3.0': ['this version of the gnu lesser general public .. choose that version for the library'],
  'EPL-2.0': ['any use reproduction or distribution of the program .. beneficiary rights are created under this agreement'],
  'EUPL-1.2': ['applies to the work as defined below .. of the eupl'],
  'Artistic-2.0': ['this license establishes the terms under which .. possibility of such damage'],
  'AFL-3.0': ['grant of copyright license licensor grants you .. license review and certification process'],
  'OSL-3.0': ['grant of copyright license licensor grants you .. license review and certification process'],
  'OFL-1.1': ['preamble the goals of the open font license .. other dealings in the font software'],
  'UPL-1.0': ['subject to the condition set forth below permission .. dealings in the software'],
  'ECL-2.0': ['definitions license shall mean the terms and conditions .. any such warranty or additional liability'],
  'CC0-1.0': ['statement of purpose the laws of most jurisdictions .. with respect to this cc0 or use of the work'],
  'CC-BY-4.0': CC4('processes of any jurisdiction or authority'),
  'CC-BY-SA-4.0': CC4('processes of any jurisdiction or authority'),
  'CC-BY-NC-4.0': CC4('processes of any jurisdiction or authority'),
  'CC-BY-ND-4.0': CC4('processes of any jurisdiction or authority'),
  'CC-BY-NC-SA-4.0': CC4('processes of any jurisdiction or authority'),
  'CC-BY-NC-ND-4.0': CC4('processes of any jurisdiction or authority'),
  'CC-BY-3.0': ['the work as defined below is provided under .. intended to restrict the license of any rights under applicable law'],
  'CC-BY-SA-3.0': ['the work as defined below is provided under .. intended to restrict the license of any rights under applicable law'],
  'ODbL-1.0': ['preamble the open database license odbl is .. meet the terms of this license'],
  'ODC-By-1.0': ['preamble the open data commons attribution license is .. meet the terms of this license'],
  'PDDL-1.0': ['preamble the open data commons public domain .. meet the intent of this document'],
  'CDLA-Permissive-1.0': ['this is the community data license agreement permissive .. published by the steward'],
  'CDLA-Sharing-1.0': ['this is the community data license agreement sharing .. published by the steward'],
  'CDLA-Permissive-2.0': ['this is the community data license agreement permissive .. end'],
  'C-UDA-1.0': ['capitalized terms are defined in section data provider .. that is included in the data'],
  'O-UDA-1.0': ['capitalized terms are defined in section data provider .. that is included in the data'],
  'PolyForm-Noncommercial-1.0.0': ['acceptance in order to get any license under .. end'],
  'BUSL-1.1': ['terms the licensor hereby grants you the right .. end'],
};
/** Texts that do not say whether later versions may be chosen. */
const TEXT_OF = {
  'GPL-2.0': 'GPL-2.0-only',
  'GPL-3.0': 'GPL-3.0-only',
  'AGPL-3.0': 'AGPL-3.0-only',
  'LGPL-2.1': 'LGPL-2.1-only',
  'LGPL-3.0': 'LGPL-3.0-only',
};

const indexOf = (words, phrase, from) => {
  const wanted = phrase.split(' ');
  for (let i = from; i + wanted.length <= words.length; i++) if (wanted.every((word, k) => words[i + k] === word)) return i;
  return -1;
};

function row(key, spec) {
  const id = key.trim();
  const text = JSON.parse(readFileSync(join(directory, `${TEXT_OF[id] ?? id}.json`), 'utf8')).licenseText;
  let words = [...licenseWords(text)];
  const parts = [];
  let at = 0;
  let gap = 0;
  let first;
  for (const item of spec) {
    if (typeof item === 'number') {
      gap = item;
      continue;
    }
    const said = typeof item === 'string' ? item : item.as;
    if (typeof item !== 'string')
      words = words
        .join(' ')
        .replace(...item.instead)
        .split(' ');
    const phrases = said.split(' .. ');
    const start = indexOf(words, phrases[0], at);
    if (start === -1) throw new Error(`${id}: no "${phrases[0]}" in …${words.slice(at, at + 40).join(' ')}`);
    let end = start + phrases[0].split(' ').length;
    for (const phrase of phrases.slice(1)) {
      if (phrase === 'end') {
        end = words.length;
        continue;
      }
      let found = indexOf(words, phrase, end - 1);
      if (found === -1) throw new Error(`${id}: no "${phrase}"; ends …${words.slice(-60).join(' ')}`);
      // The last of several.
      if (spec.length === 1) for (let more = found; more !== -1; more = indexOf(words, phrase, more + 1)) found = more;
      end = found + phrase.split(' ').length;
    }
    first ??= start;
    const own = words.slice(start, end);
    const digest = createHash('sha256').update(own.join(' ')).digest('hex').slice(0, 16);
    parts.push([own.slice(0, 5).join(' '), own.length, digest, gap]);
    at = end;
    gap = 0;
  }
  // How to apply the GPL stands behind it in more than one form.
  return { id, before: first, after: words.length - at + (id in TEXT_OF ? 100 : 0), parts };
}

const rows = Object.entries(ROWS).map(([id, spec]) => row(id, spec));
const lines = rows.map(
  ({ id, before, after, parts }) =>
    `  ['${id}', ${before}, ${after}, ${parts.map(([start, count, digest, gap]) => `['${start}', ${count}, '${digest}', ${gap}]`).join(', ')}],`,
);
writeFileSync(
  'src/collect/licenses/table.ts',
  `/**
 * Texts of licences, from the SPDX licence list, made by scripts/license-table.mjs: parts that stand in every copy, each with its first words,
 * how many words it has, the beginning of the SHA-256 of them with a blank between, and how many other words may stand before it.
 */

/** Id, words of the usual text before and behind the parts, parts. */
export type LicenseRow = readonly [
  id: string,
  before: number,
  after: number,
  ...parts: (readonly [start: string, words: number, digest: string, gap: number])[],
];

/** GPL, LGPL and AGPL without \`-only\` or \`-or-later\`: their texts do not say which. */
export const LICENSES: readonly LicenseRow[] = [
${lines.join('\n')}
];
`,
);
process.stdout.write(`${rows.length} texts, ${new Set(rows.map(({ id }) => id)).size} licences\n`);
