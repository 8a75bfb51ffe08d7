/**
 * Terms of models that the SPDX licence list does not have. Their texts are told by the words that name them and by those that only they
 * have: each must be there from the first to the last, in a text of about the usual length.
 */

/** Id behind `LicenseRef-`, what stands in the text one after the other; `|` between words that may stand for each other. */
export type TermsRow = readonly [id: string, ...phrases: string[]];

/** Words that such texts have at least and at most. */
export const TERMS_WORDS = [700, 6000] as const;

const llama = (id: string, ...named: readonly string[]): TermsRow => [
  id,
  ...named,
  'grant of rights you are granted non exclusive worldwide non transferable and royalty free limited license',
  'additional commercial terms',
  'governing law and jurisdiction',
];
const rail = (id: string, named: string): TermsRow => [
  id,
  named,
  'preamble',
  'use based restrictions',
  'use restrictions you agree not to use the model or',
];

export const TERMS: readonly TermsRow[] = [
  llama('llama2', 'llama community license agreement llama version release date july 2023'),
  llama('llama3', 'meta llama community license agreement meta llama version release date april 2024'),
  llama('llama3.1', 'llama community license agreement llama version release date july 2024'),
  llama('llama3.2', 'llama community license agreement llama version release date september 2024'),
  llama('llama3.3', 'llama community license agreement llama version release date december 2024'),
  llama('llama4', 'llama community license agreement llama version effective date april 2025'),
  [
    'gemma',
    'gemma terms of use',
    'by using reproducing modifying distributing performing or displaying any portion or element of gemma',
    'model derivatives',
    'prohibited use policy',
  ],
  // `++` of the name is a word here.
  rail('openrail-plus-plus', 'creativeml open rail plusplus|creativeml openrail plusplus'),
  rail('creativeml-openrail-m', 'creativeml open rail|creativeml openrail'),
  rail('bigscience-bloom-rail-1.0', 'bigscience rail license'),
  rail('bigscience-openrail-m', 'bigscience open rail|bigscience openrail'),
  rail('bigcode-openrail-m', 'bigcode open rail|bigcode openrail'),
];
