/** Hardware, emissions and papers that the text of a card names, as contributions. */
import type { JsonValue } from '../../../core/canonical-json.js';
import { cut } from '../../component.js';
import { type Contribution, type MetadataFile, type Origin, RANKS } from '../../contribution.js';
import { webUrl } from '../../dataset/values.js';
import { plainValue } from '../../hyperparameters.js';
import { addition, claim, trainingEnvironment } from '../shared/run-file.js';
import { type CardHardware, cardSections } from './sections.js';

const METHOD = 'sections of the model card';
/** Words that only names of accelerators have; other hardware is not said to be one. */
const ACCELERATORS = [
  ...[
    'nvidia',
    'geforce',
    'rtx',
    'gtx',
    'tesla',
    'quadro',
    'gpu',
    'tpu',
    'radeon',
    'instinct',
    'mi100',
    'mi210',
    'mi250',
    'mi300',
    'mi325',
  ],
  ...[
    'a10',
    'a10g',
    'a40',
    'a100',
    'a800',
    'h100',
    'h200',
    'h800',
    'gh200',
    'b100',
    'b200',
    'v100',
    'p100',
    't4',
    'l4',
    'l40',
    'l40s',
    'k80',
  ],
  ...['gaudi', 'gaudi2', 'gaudi3', 'trainium', 'inferentia', 'ascend'],
];
const MAX_COUNT = 1_000_000;
/** Grams of the units in which cards write emissions. */
const GRAMS: ReadonlyMap<string, number> = new Map([
  ['g', 1],
  ['gram', 1],
  ['grams', 1],
  ['kg', 1e3],
  ['kilograms', 1e3],
  ['t', 1e6],
  ['tons', 1e6],
  ['tonnes', 1e6],
]);

/** @param isStated the front matter states emissions, which count more than the text */
export function sectionFacts({ path, bytes }: MetadataFile, isStated: boolean): readonly Contribution[] {
  const { hardware, citations } = cardSections(new TextDecoder().decode(bytes));
  const from = (key: string): Origin => ({ origin: 'declared', path, key, method: METHOD });
  const accelerator = hardware.hardware === undefined ? undefined : acceleratorOf(hardware.hardware);
  const carbon = isStated ? undefined : carbonOf(hardware);
  return [
    ...(accelerator === undefined ? [] : trainingEnvironment({ accelerators: [accelerator] }, from('Hardware Type'))),
    ...(carbon === undefined ? [] : claim('/model/training/energy/carbon', carbon, RANKS.card, from('Environmental Impact'))),
    ...citations.map(({ title, doi, url }) => {
      const uri = webUrl(url) ?? (doi === undefined ? undefined : webUrl(`https://doi.org/${doi}`));
      return addition('/documents', { type: 'research-paper', title, ...(uri === undefined ? {} : { uri }) }, from('Citation'));
    }),
  ];
}

/** `8 x A100` is eight of them; several kinds in one line are left as they are written. */
function acceleratorOf(text: string): { readonly [key: string]: JsonValue } | undefined {
  const words = text.toLowerCase().split(/[^a-z0-9]+/);
  if (plainValue(text) === undefined || !words.some((word) => ACCELERATORS.includes(word))) return undefined;
  let digits = 0;
  while (isDigit(text[digits])) digits++;
  const rest = text.slice(digits).trimStart();
  const sign = rest[0]?.toLowerCase();
  const isCounted = digits > 0 && (sign === 'x' || sign === '×' || sign === '*') && !isWord(rest[1]);
  const count = Number(text.slice(0, digits));
  const isPlain = !/[,;&+]| and /i.test(text);
  const model = rest.slice(1).trim();
  return isCounted && isPlain && model !== '' && count > 0 && count <= MAX_COUNT ? { model, count } : { model: text };
}

const isDigit = (character: string | undefined): boolean => character !== undefined && character >= '0' && character <= '9';
const isWord = (character: string | undefined): boolean => character !== undefined && /[a-z]/i.test(character);

/** What the template asks for so that emissions can be estimated, and the emissions where they have a unit. */
function carbonOf({ hardware, hours, provider, region, carbon }: CardHardware): { readonly [key: string]: JsonValue } | undefined {
  const grams = carbon === undefined ? undefined : gramsOf(carbon);
  const said = [
    ...(carbon !== undefined && grams === undefined ? [`emissions as written: ${carbon}`] : []),
    ...(hardware === undefined ? [] : [`hardware: ${hardware}`]),
    ...(hours === undefined ? [] : [`hours used: ${hours}`]),
    ...(provider === undefined ? [] : [`cloud provider: ${provider}`]),
    ...(region === undefined ? [] : [`compute region: ${region}`]),
  ];
  // Hardware alone says nothing of emissions.
  if (carbon === undefined && (hours ?? provider ?? region) === undefined) return undefined;
  const methodology = cut(said.join('; ')) || 'as stated in the text of the model card';
  return { ...(grams === undefined ? {} : { tonnesCo2Equivalent: grams / 1e6 }), methodology };
}

/** A number and its unit, and nothing before them: `about 3 kg` stays a text. */
function gramsOf(text: string): number | undefined {
  let end = 0;
  while (isDigit(text[end]) || text[end] === '.') end++;
  const value = Number(text.slice(0, end));
  const [unit = ''] = text
    .slice(end)
    .trim()
    .toLowerCase()
    .split(/[^a-z]/, 1);
  const grams = GRAMS.get(unit.startsWith('kgco') ? 'kg' : unit.startsWith('gco') ? 'g' : unit.startsWith('tco') ? 't' : unit);
  return end === 0 || !Number.isFinite(value) || grams === undefined ? undefined : value * grams;
}
