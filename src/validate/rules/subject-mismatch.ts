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
    const { subject, otherSubjects = [] } = manifest.bom;
    const { model } = manifest;
    if (otherSubjects.includes(subject ?? 'model')) report('/bom/otherSubjects', 'the subject is not one of the others');
    if (subject === 'model' && model === undefined) report('/bom/subject', 'the subject is `model`, which is not there');
    if (subject === undefined || subject === 'model') return;
    const collection = things.get(subject);
    if (collection === undefined) report('/bom/subject', `nothing in the document has the id \`${subject}\``);
    if (collection === 'models')
      report('/bom/subject', `\`${subject}\` is one of \`models\`: a model that is the subject stands in \`model\``);
    if (collection === 'services') report('/bom/subject', `\`${subject}\` is a service, which cannot be the subject`);
    if (model !== undefined) report('/model', `the subject is \`${subject}\`, so no \`model\` stands beside it`);
  },
});
