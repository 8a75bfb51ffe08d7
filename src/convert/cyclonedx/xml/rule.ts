/** What the XML schemas of CycloneDX ask of elements: the types of the table made from them. */

/** A text: a built-in type of XML Schema and what narrows it. Which texts are on a list, the JSON schema says. */
export interface TextRule {
  readonly base: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minInclusive?: number;
  readonly maxInclusive?: number;
  /** It meets one of these. */
  readonly among?: readonly TextRule[];
}

/** An element or an attribute. */
export interface Rule {
  /** Anything may stand in it. */
  readonly any?: true;
  /**
   * What may stand in it, as in a DTD: `a,(b|c)?,#*`. Names may have the rule of their element behind a colon; `#` is an element of
   * another namespace. Empty: not even space.
   */
  readonly content?: string;
  /** Text may stand between its elements. */
  readonly mixed?: true;
  /** Its own text, in place of elements. */
  readonly text?: TextRule;
  /** Rules of attributes by name. */
  readonly attributes?: Readonly<Record<string, number>>;
  /** Attributes that it must have. */
  readonly required?: readonly string[];
  /** Attributes that it may have beyond those: `any`, or those of other namespaces. */
  readonly others?: 'any' | 'other';
}
