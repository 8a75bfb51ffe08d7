/** What a JSON Schema cannot say, one file for each rule, sorted by id. */
import type { Rule } from '../rule.js';
import { authorMissing } from './author-missing.js';
import { compositionCycle } from './composition-cycle.js';
import { datasetOrigin } from './dataset-origin.js';
import { datasetRoles } from './dataset-roles.js';
import { declarationContradicted } from './declaration-contradicted.js';
import { dependencyCycle } from './dependency-cycle.js';
import { digestForm } from './digest-form.js';
import { digestImplausible } from './digest-implausible.js';
import { digestMethod } from './digest-method.js';
import { digestMissing } from './digest-missing.js';
import { duplicateId } from './duplicate-id.js';
import { emailInvalid } from './email-invalid.js';
import { evidenceContradicted } from './evidence-contradicted.js';
import { evidenceMembers } from './evidence-members.js';
import { evidenceMissing } from './evidence-missing.js';
import { evidencePointer } from './evidence-pointer.js';
import { evidenceSaid } from './evidence-said.js';
import { identifierInvalid } from './identifier-invalid.js';
import { licenseConflict } from './license-conflict.js';
import { licenseEmpty } from './license-empty.js';
import { licenseExpression } from './license-expression.js';
import { lineageCycle } from './lineage-cycle.js';
import { lineageSelf } from './lineage-self.js';
import { pathTwin } from './path-twin.js';
import { pathUnportable } from './path-unportable.js';
import { privatePath } from './private-path.js';
import { referenceUnresolved } from './reference-unresolved.js';
import { rootDigest } from './root-digest.js';
import { runIncomplete } from './run-incomplete.js';
import { scanVerdict } from './scan-verdict.js';
import { scratchContradicted } from './scratch-contradicted.js';
import { secret } from './secret.js';
import { shardSet } from './shard-set.js';
import { stageCycle } from './stage-cycle.js';
import { subjectMismatch } from './subject-mismatch.js';
import { subjectMissing } from './subject-missing.js';
import { sumMismatch } from './sum-mismatch.js';
import { textForm } from './text-form.js';
import { timeInvalid } from './time-invalid.js';
import { timeOrder } from './time-order.js';
import { uriInvalid } from './uri-invalid.js';
import { viewSelf } from './view-self.js';
import { wordUnknown } from './word-unknown.js';

export const RULES: readonly Rule[] = [
  authorMissing,
  compositionCycle,
  datasetOrigin,
  datasetRoles,
  declarationContradicted,
  dependencyCycle,
  digestForm,
  digestImplausible,
  digestMethod,
  digestMissing,
  duplicateId,
  emailInvalid,
  evidenceContradicted,
  evidenceMembers,
  evidenceMissing,
  evidencePointer,
  evidenceSaid,
  identifierInvalid,
  licenseConflict,
  licenseEmpty,
  licenseExpression,
  lineageCycle,
  lineageSelf,
  pathTwin,
  pathUnportable,
  privatePath,
  referenceUnresolved,
  rootDigest,
  runIncomplete,
  scanVerdict,
  scratchContradicted,
  secret,
  shardSet,
  stageCycle,
  subjectMismatch,
  subjectMissing,
  sumMismatch,
  textForm,
  timeInvalid,
  timeOrder,
  uriInvalid,
  viewSelf,
  wordUnknown,
];
