/** Names of products in the Common Platform Enumeration. Source: NIST IR 7695, CPE 2.3; URIs of 2.2 are read too. */

export interface CpeProduct {
  /** `vendor:product`, in lower case. */
  readonly name: string;
  /** Missing where any (`*`) or none (`-`) is meant. */
  readonly version?: string;
}

const MAX_CPE = 1000;
/** `cpe:2.3:part:vendor:product:version:update`. */
const FIELDS = { part: 2, vendor: 3, product: 4, version: 5, update: 6 };

export function productOfCpe(text: string): CpeProduct | undefined {
  if (text.length > MAX_CPE) return undefined;
  const fields = text.startsWith('cpe:2.3:')
    ? fieldsOf(text)
    : text.startsWith('cpe:/')
      ? ['cpe', '2.3', ...fieldsOf(text.slice('cpe:/'.length))]
      : [];
  const [vendor, product] = [fields[FIELDS.vendor], fields[FIELDS.product]];
  if (!isValue(vendor) || !isValue(product)) return undefined;
  const [version, update] = [fields[FIELDS.version], fields[FIELDS.update]];
  const whole = isValue(version) && isValue(update) ? `${version} ${update}` : version;
  return { name: `${vendor}:${product}`.toLowerCase(), ...(isValue(whole) ? { version: whole } : {}) };
}

const isValue = (field: string | undefined): field is string => field !== undefined && field !== '' && field !== '*' && field !== '-';

/** Fields between colons; a backslash takes the sign behind it as it is. */
function fieldsOf(text: string): readonly string[] {
  const fields = [''];
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === ':') fields.push('');
    else fields[fields.length - 1] += sign === '\\' ? text.charAt(++at) : sign;
  }
  return fields;
}
