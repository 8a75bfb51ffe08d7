import { pointerStep } from '../../core/json-pointer.js';
import { type LicenseNode, parseLicenseExpression } from '../../core/spdx.js';
import type { License, Model } from '../../schema/index.js';
import { type LicenseTraits, licenseTraits } from '../license-traits.js';
import { ancestorsOf, TRAINING_ROLES } from '../models.js';
import { defineRule } from '../rule.js';

export const licenseConflict = defineRule({
  meta: {
    id: 'license-conflict',
    clause: '8.9',
    severity: 'medium',
    title: "The model's licence grants more than the licence of its base or data allows",
    fix: 'Check whether the narrower terms bind the model; if so change its licence, else note in `licenses[].note` why they do not.',
  },
  check({ model, models = {}, datasets = {} }, report) {
    const granted = (model?.licenses ?? []).map(branches).filter((each) => each.length > 0);
    if (model === undefined || !granted.some((each) => each.some((ids) => ids.every((id) => licenseTraits(id).permissive)))) return;
    const own = (model.licenses ?? []).map((license) => license.expression).join(', ');
    const sources = [
      ...ancestorsOf(model, models).map((id) => ['models', id, models[id], 'the base model'] as const),
      ...[...trainedOn(model)].map(
        (id) => ['datasets', id, Object.hasOwn(datasets, id) ? datasets[id] : undefined, 'the dataset'] as const,
      ),
    ];
    for (const [collection, id, source, what] of sources)
      source?.licenses?.forEach((license, i) => {
        const terms = bindingTerms(license);
        if (terms !== undefined)
          report(
            `/${collection}${pointerStep(id)}/licenses/${i}`,
            `the model is offered under ${own}, but ${what} \`${source.name}\` is under ${license.expression}, which ${terms}`,
          );
      });
  },
});

/** Ids of the datasets that made the weights. */
function trainedOn({ training }: Model): ReadonlySet<string> {
  const uses = [training?.uses, ...Object.values(training?.stages ?? {}).map((stage) => stage.uses)].flatMap((each) =>
    Object.values(each ?? {}),
  );
  return new Set(uses.filter(({ role }) => role === undefined || TRAINING_ROLES.has(role)).map(({ dataset }) => dataset));
}

/** The choices of an expression, each a list of licences that hold together. */
function branches(license: License): readonly (readonly string[])[] {
  const tree = license.expression === undefined ? undefined : parseLicenseExpression(license.expression);
  return tree === undefined ? [] : choices(tree);
}

function choices(node: LicenseNode): readonly (readonly string[])[] {
  if ('license' in node) return [[node.license]];
  const [left, right] = [choices(node.left), choices(node.right)];
  if (node.conjunction === 'or') return [...left, ...right];
  return left.length * right.length > 256 ? [] : left.flatMap((a) => right.map((b) => [...a, ...b]));
}

const TERMS: readonly (readonly [keyof LicenseTraits, string])[] = [
  ['noDerivatives', 'forbids works made from it'],
  ['nonCommercial', 'forbids commercial use'],
  ['shareAlike', 'asks for the same licence on works made from it'],
  ['useRestrictions', 'has use restrictions that must be passed on'],
];

/** What every choice of the licence demands; undefined when one choice demands nothing. */
function bindingTerms(license: License): string | undefined {
  const all = branches(license);
  if (all.length === 0) return undefined;
  const terms = all.map((ids) => TERMS.find(([trait]) => ids.some((id) => licenseTraits(id)[trait] === true))?.[1]);
  return terms.every((term) => term !== undefined) ? terms[0] : undefined;
}
