import { defineRule } from '../rule.js';

export const subjectMismatch = defineRule({
  meta: {
    id: 'subject-mismatch',
    clause: '2.2',
    severity: 'high',
    title: 'The document does not have the subject that it names',
    fix: 'Name a model, dataset or component of the document in `bom.subject`; `model` is there only when it is the subject.',
  },
  check(manifest, report, { things }) {
    const { subject = 'model' } = manifest.bom;
    if (subject === 'model') {
      if (manifest.model === undefined) report('/bom', 'the subject is `model`, which is not there');
      return;
    }
    const collection = things.get(subject);
    if (collection === undefined) report('/bom/subject', `nothing in the document has the id \`${subject}\``);
    if (collection === 'models')
      report('/bom/subject', `\`${subject}\` is one of \`models\`: a model that is the subject stands in \`model\``);
    if (collection === 'services') report('/bom/subject', `\`${subject}\` is a service, which cannot be the subject`);
    if (manifest.model !== undefined) report('/model', `the subject is \`${subject}\`, so no \`model\` stands beside it`);
  },
});
