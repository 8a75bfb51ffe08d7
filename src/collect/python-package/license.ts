/** Licence of a Python distribution by its core metadata: an SPDX expression only where that is certain. */
import { canonicalLicenseId, parseLicenseExpression, respell } from '../../core/spdx.js';
import { cut, type LicenseItem } from '../component.js';

/**
 * Trove classifiers that name one licence (https://peps.python.org/pep-0639/#mapping-license-classifiers-to-spdx-identifiers).
 * `BSD License`, `Apache Software License` and the like name several, so they are not here.
 */
const CLASSIFIERS: ReadonlyMap<string, string> = new Map([
  ['CC0 1.0 Universal (CC0 1.0) Public Domain Dedication', 'CC0-1.0'],
  ['Boost Software License 1.0 (BSL-1.0)', 'BSL-1.0'],
  ['CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)', 'CECILL-2.1'],
  ['Common Development and Distribution License 1.0 (CDDL-1.0)', 'CDDL-1.0'],
  ['Eclipse Public License 1.0 (EPL-1.0)', 'EPL-1.0'],
  ['Eclipse Public License 2.0 (EPL-2.0)', 'EPL-2.0'],
  ['European Union Public Licence 1.1 (EUPL 1.1)', 'EUPL-1.1'],
  ['European Union Public Licence 1.2 (EUPL 1.2)', 'EUPL-1.2'],
  ['GNU Affero General Public License v3', 'AGPL-3.0-only'],
  ['GNU Affero General Public License v3 or later (AGPLv3+)', 'AGPL-3.0-or-later'],
  ['GNU General Public License v2 (GPLv2)', 'GPL-2.0-only'],
  ['GNU General Public License v2 or later (GPLv2+)', 'GPL-2.0-or-later'],
  ['GNU General Public License v3 (GPLv3)', 'GPL-3.0-only'],
  ['GNU General Public License v3 or later (GPLv3+)', 'GPL-3.0-or-later'],
  ['GNU Lesser General Public License v2 (LGPLv2)', 'LGPL-2.0-only'],
  ['GNU Lesser General Public License v2 or later (LGPLv2+)', 'LGPL-2.0-or-later'],
  ['GNU Lesser General Public License v3 (LGPLv3)', 'LGPL-3.0-only'],
  ['GNU Lesser General Public License v3 or later (LGPLv3+)', 'LGPL-3.0-or-later'],
  ['Historical Permission Notice and Disclaimer (HPND)', 'HPND'],
  ['ISC License (ISCL)', 'ISC'],
  ['MIT License', 'MIT'],
  ['MIT No Attribution License (MIT-0)', 'MIT-0'],
  ['Mozilla Public License 1.0 (MPL)', 'MPL-1.0'],
  ['Mozilla Public License 1.1 (MPL 1.1)', 'MPL-1.1'],
  ['Mozilla Public License 2.0 (MPL 2.0)', 'MPL-2.0'],
  ['Mulan Permissive Software License v2 (MulanPSL-2.0)', 'MulanPSL-2.0'],
  ['SIL Open Font License 1.1 (OFL-1.1)', 'OFL-1.1'],
  ['The Unlicense (Unlicense)', 'Unlicense'],
  ['Universal Permissive License (UPL)', 'UPL-1.0'],
  ['University of Illinois/NCSA Open Source License', 'NCSA'],
  ['zlib/libpng License', 'Zlib'],
]);

/** Ways to write one licence in the free `License` field, in lower case with single blanks and without the word `license`. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['mit', 'MIT'],
  ['the mit', 'MIT'],
  ['apache 2', 'Apache-2.0'],
  ['apache 2.0', 'Apache-2.0'],
  ['apache v2', 'Apache-2.0'],
  ['apache v2.0', 'Apache-2.0'],
  ['apache version 2.0', 'Apache-2.0'],
  ['apache software 2.0', 'Apache-2.0'],
  ['apache software version 2.0', 'Apache-2.0'],
  ['bsd 3-clause', 'BSD-3-Clause'],
  ['3-clause bsd', 'BSD-3-Clause'],
  ['new bsd', 'BSD-3-Clause'],
  ['modified bsd', 'BSD-3-Clause'],
  ['bsd 2-clause', 'BSD-2-Clause'],
  ['2-clause bsd', 'BSD-2-Clause'],
  ['simplified bsd', 'BSD-2-Clause'],
  ['isc', 'ISC'],
  ['mozilla public 2.0', 'MPL-2.0'],
  ['mpl 2.0', 'MPL-2.0'],
  ['the unlicense', 'Unlicense'],
]);

const PREFIX = 'License :: ';
const MAX_FIELD = 200;

/** `License-Expression`, else the `License` field, else the classifiers; what is not certain stays a name. */
export function pythonLicenses(
  expression: string | undefined,
  field: string | undefined,
  classifiers: readonly string[],
): readonly LicenseItem[] {
  if (expression !== undefined && expression.trim() !== '') return [expressionItem(expression.trim())];
  const named = classifiers.filter((each) => each.startsWith(PREFIX)).map((each) => each.split(' :: ').at(-1)?.trim() ?? '');
  const [first = '', ...rest] = (field ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line.toUpperCase() !== 'UNKNOWN');
  const exact = rest.length === 0 ? spdxOf(first) : undefined;
  if (exact !== undefined) return [{ kind: 'declared', expression: exact }];
  const known = named.length === 1 ? CLASSIFIERS.get(named[0] ?? '') : undefined;
  if (known !== undefined) return [{ kind: 'declared', expression: known }];
  if (rest.length > 0 || first.length > MAX_FIELD)
    return [{ kind: 'declared', name: named.length > 0 ? cut(named.join('; ')) : cut(first), note: 'the field `License` holds a text' }];
  const name = first === '' ? named.join('; ') : first;
  return name === '' ? [] : [{ kind: 'declared', name: cut(name) }];
}

/** A declared expression; what SPDX does not accept is kept as a name. */
export function expressionItem(text: string): LicenseItem {
  const spelled = text.length > 500 ? text : respell(text);
  return parseLicenseExpression(spelled) === undefined ? { kind: 'declared', name: cut(text) } : { kind: 'declared', expression: spelled };
}

/** The id or expression that a free text certainly means. */
export function spdxOf(text: string): string | undefined {
  if (text === '' || text.length > MAX_FIELD) return undefined;
  const id = canonicalLicenseId(text);
  if (id !== undefined) return id;
  const plain = text
    .toLowerCase()
    .replace(/[,()]/g, ' ')
    .replace(/\blicen[cs]e\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const known = SPELLINGS.get(plain);
  if (known !== undefined) return known;
  const spelled = respell(text);
  return /\s/.test(text) && parseLicenseExpression(spelled) !== undefined ? spelled : undefined;
}
