/** Applies a JSON merge patch (RFC 7396). */
export function mergePatch(target, patch) {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** The `json valid` and `json invalid` blocks of a page. */
export function examplesOf(page) {
  return [...page.matchAll(/```json (valid|invalid)\n([\s\S]*?)\n```/g)].map(([, kind, text]) => ({ kind, patch: JSON.parse(text) }));
}
