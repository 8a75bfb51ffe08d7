/** How names are listed that loading a model may need. */
import type { FormName } from '../forms.js';

export interface AllowGroup {
  /** Where the names are from. */
  readonly source: string;
  /** Why they are harmless, as a phrase. */
  readonly why: string;
  /** torch loads them with `weights_only`. */
  readonly weightsOnly?: boolean;
  /** Modules with their names: `Name`, `Name:form`, `Name:form@list`. Without a form a name takes no arguments. */
  readonly names: readonly (readonly [module: string, names: string])[];
}

export interface AllowedName {
  readonly form: FormName;
  /** Items may be added to what it makes. */
  readonly holds?: 'list' | 'dict' | undefined;
  readonly source: string;
  readonly why: string;
  readonly weightsOnly: boolean;
}
