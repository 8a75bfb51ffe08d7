import { type Printable, printableJson } from '../../core/printable.js';
import type { Report } from '../comply.js';

/** The report as it is, with a version: members are added, none changes its meaning. */
export const complyAsJson = (report: Report, file: string): Printable => printableJson({ version: 1, file, ...report });
