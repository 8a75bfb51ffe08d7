/** What a JSON Schema cannot say, one file for each rule, sorted by id. */
import type { Rule } from '../rule.js';
import { authorMissing } from './author-missing.js';
import { declarationContradicted } from './declaration-contradicted.js';
import { dependencyCycle } from './dependency-cycle.js';
import { digestImplausible } from './digest-implausible.js';
import { duplicateId } from './duplicate-id.js';
import { duplicatePath } from './duplicate-path.js';
import { evidencePointer } from './evidence-pointer.js';
import { identifierInvalid } from './identifier-invalid.js';
import { licenseConflict } from './license-conflict.js';
import { licenseExpression } from './license-expression.js';
import { lineageCycle } from './lineage-cycle.js';
import { lineageSelf } from './lineage-self.js';
import { pathUnportable } from './path-unportable.js';
import { privatePath } from './private-path.js';
import { referenceUnresolved } from './reference-unresolved.js';
import { rootDigest } from './root-digest.js';
import { runIncomplete } from './run-incomplete.js';
import { secret } from './secret.js';
import { shardSet } from './shard-set.js';
import { sumMismatch } from './sum-mismatch.js';
import { timeOrder } from './time-order.js';

export const RULES: readonly Rule[] = [
  authorMissing,
  declarationContradicted,
  dependencyCycle,
  digestImplausible,
  duplicateId,
  duplicatePath,
  evidencePointer,
  identifierInvalid,
  licenseConflict,
  licenseExpression,
  lineageCycle,
  lineageSelf,
  pathUnportable,
  privatePath,
  referenceUnresolved,
  rootDigest,
  runIncomplete,
  secret,
  shardSet,
  sumMismatch,
  timeOrder,
];
