import { defineRule } from '../rule.js';

export const viewSelf = defineRule({
  meta: {
    id: 'view-self',
    clause: '9.1',
    severity: 'high',
    title: 'A view has the serial number of the document that it was made from',
    fix: 'Give the view a serial number of its own.',
  },
  check({ bom }, report) {
    if (bom.derivedFrom?.serialNumber === bom.serialNumber)
      report('/bom/derivedFrom/serialNumber', 'the document is said to be made from itself');
  },
});
