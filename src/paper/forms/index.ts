/** The papers, each a form of its own that is loaded when it is asked for. */
import type { Form } from '../form.js';

/** By the word that asks for it. */
export const FORMS: Readonly<Record<string, () => Promise<{ readonly form: Form }>>> = {
  'training-summary': () => import('./training-summary.js'),
  'model-documentation-form': () => import('./model-documentation-form.js'),
  'annex-iv': () => import('./annex-iv.js'),
  'annex-xii': () => import('./annex-xii.js'),
  'eu-declaration': () => import('./eu-declaration.js'),
  'dora-register': () => import('./dora-register.js'),
  'ca-ab-2013': () => import('./ca-ab-2013.js'),
  'model-card': () => import('./model-card.js'),
  datasheet: () => import('./datasheet.js'),
};
