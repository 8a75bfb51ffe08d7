/**
 * The CPE of os-release as a CPE 2.3 formatted string: `cpe:/o:fedoraproject:fedora:41` becomes `cpe:2.3:o:fedoraproject:…`
 * (NISTIR 7695, 6.1 and 6.2). Undefined for what is in neither form.
 */
export function cpeOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 200) return undefined;
  const [, prefix, rest = ''] = /^(cpe:\/|cpe:2\.3:)([aho](?::[A-Za-z0-9._~%-]*)*)$/.exec(text) ?? [];
  if (prefix === undefined) return undefined;
  const [part = '', ...values] = rest.split(':');
  // Percent signs and tildes pack further values into one: no system's own name has them.
  if (values.length === 0 || values.length > 10 || values.some((value) => /[%~]/.test(value))) return undefined;
  const filled = Array.from({ length: 10 }, (_, i) => (values[i] === undefined || values[i] === '' ? '*' : values[i]));
  return `cpe:2.3:${part}:${filled.join(':')}`;
}
