import { defineRule } from '../rule.js';

export const subjectMismatch = defineRule({
  meta: {
    id: 'subject-mismatch',
    clause: '2.2',
    severity: 'high',
    title: 'The document does not have the subject that it names',
    fix: 'Name a model, dataset or component of the document in `bom.subject`; `model` is there only when it is the subject.',
  },
  check({ bom, model, models = {}, services = {} }, report) {
    const { subject = 'model' } = bom;
    if (subject === 'model' && model === undefined) report('/bom', 'the subject is `model`, which is not there');
    if (subject !== 'model' && model !== undefined) report('/model', `the subject is \`${subject}\`, so no \`model\` stands beside it`);
    if (Object.hasOwn(models, subject))
      report('/bom/subject', `\`${subject}\` is one of \`models\`: a model that is the subject stands in \`model\``);
    if (Object.hasOwn(services, subject)) report('/bom/subject', `\`${subject}\` is a service, which cannot be the subject`);
  },
});
