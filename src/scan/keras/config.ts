/**
 * Configurations of Keras, whatever file they stand in: what loading one would import, run and read.
 * Source: https://github.com/keras-team/keras/blob/master/keras/src/saving/serialization_lib.py
 */
import { bytesSource } from '../../core/byte-source.js';
import { namesInCode } from '../pickle/marshal.js';
import { finding } from '../rules/index.js';
import type { Found, JsonObject } from '../text/json.js';
import { objectOf } from '../text/json.js';
import { harmOf } from '../text/target.js';
import { HARMFUL, INNER, LOADERS, LOOKUPS, OWN, PLAIN, TELLTALE } from './lists.js';

/** Judges one object with a `class_name`. */
export function judgeKeras(object: JsonObject, parent: JsonObject | undefined, found: Found): void {
  const { class_name: className, config } = object;
  if (typeof className !== 'string' || (config === undefined && object.module === undefined)) return;
  const settings = objectOf(config);
  if (className === '__lambda__') judgeCode(settings?.code ?? settings?.value ?? config, 'a lambda', found);
  else if (className === 'Lambda') judgeLambda(settings ?? {}, found);
  if (LOADERS.has(className))
    found.findings.push(finding('keras-loader', `a layer is a \`${className}\``, { seen: { settings: shownSettings(settings) } }));
  if (LOOKUPS.has(className)) judgeLookup(className, settings ?? {}, found);
  judgeImport(object, className, parent, found);
}

const shownSettings = (settings: JsonObject | undefined): string => JSON.stringify(settings ?? null).slice(0, 300);

/** Before Keras 3 a list of marshalled code, defaults and closure; a name with a module for functions. */
function judgeLambda(settings: JsonObject, found: Found): void {
  for (const key of ['function', 'output_shape', 'mask'] as const) {
    const value = settings[key];
    if (
      Array.isArray(value) &&
      typeof value[0] === 'string' &&
      (key === 'function' || settings[`${key}_type`] === 'raw' || value[0].length > 20)
    )
      judgeCode(value[0], `\`${key}\` of a Lambda layer`, found);
    else if (typeof value === 'string') {
      const module = settings.module ?? settings[`${key}_module`];
      if (settings[`${key}_type`] === 'lambda' || isLong(value)) judgeCode(value, `\`${key}\` of a Lambda layer`, found);
      else judgeName(typeof module === 'string' ? `${module}.${value}` : value, found);
    }
  }
}

const isLong = (text: string): boolean => text.length > 60 && !text.includes('.');

/** Compiled code in base64: its names are listed, and it is never run. */
function judgeCode(code: unknown, where: string, found: Found): void {
  if (typeof code !== 'string') return;
  const bytes = fromBase64(code);
  found.findings.push(finding('keras-lambda', `${where} is compiled code of ${bytes.length} bytes`, { seen: { bytes: bytes.length } }));
  found.facts.code = true;
  found.nested.push(codeNested(bytes, where, found));
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text.replaceAll('\n', '').replaceAll('\r', '')), (c) => c.charCodeAt(0));
  } catch {
    return new TextEncoder().encode(text);
  }
}

/** Code is looked at by its names at once; what else it may be is found by other inspectors. */
function codeNested(bytes: Uint8Array, where: string, found: Found): Found['nested'][number] {
  const names = namesInCode(bytes, 1000);
  const last = found.findings.at(-1);
  const harmful = names.filter((name) => TELLTALE.has(name) || harmOf(name) !== undefined || isCommand(name));
  if (last !== undefined)
    found.findings[found.findings.length - 1] = {
      ...last,
      message: `${where} is compiled code with the names ${names.slice(0, 40).join(', ') || '(none)'}`,
      seen: { names: names.slice(0, 100) },
      ...(harmful.length > 0 ? { verdict: 'malicious', severity: 'critical' } : {}),
    };
  return { member: where, source: bytesSource(where, bytes), raw: true };
}

const isCommand = (text: string): boolean =>
  text.includes('/bin/') || text.includes('http://') || text.includes('https://') || text.includes('import os');

function judgeLookup(className: string, settings: JsonObject, found: Found): void {
  const { vocabulary } = settings;
  if (typeof vocabulary !== 'string' || vocabulary === '') return;
  const outside =
    vocabulary.includes('://') ||
    vocabulary.startsWith('/') ||
    vocabulary.includes('..') ||
    vocabulary.includes(':\\') ||
    vocabulary.startsWith('~');
  found.findings.push(
    finding('keras-file', `a \`${className}\` reads \`${vocabulary.slice(0, 200)}\``, {
      seen: { path: vocabulary.slice(0, 300) },
      ...(outside ? {} : { severity: 'medium' }),
    }),
  );
}

/** The class or function that `module`, `class_name` and `config` name. */
function judgeImport(object: JsonObject, className: string, parent: JsonObject | undefined, found: Found): void {
  const { module, config, registered_name: registered } = object;
  const isFunction = className === 'function' || className === 'builtin_function_or_method';
  const name = isFunction && typeof config === 'string' ? config : className;
  const last = name.slice(name.lastIndexOf('.') + 1).slice(name.lastIndexOf('>') + 1);
  if (HARMFUL.has(last) || HARMFUL.has(className)) {
    found.findings.push(
      finding('keras-import', `names \`${typeof module === 'string' ? `${module}.` : ''}${name}\``.slice(0, 300), {
        seen: { import: last },
      }),
    );
    return;
  }
  if (typeof module !== 'string' || module === '') {
    if (isFunction) judgeName(name, found);
    else if (typeof registered === 'string' && registered !== '' && registered !== className) custom(registered, found);
    else if (className.includes('>')) custom(className, found);
    return;
  }
  const first = module.split('.')[0] ?? '';
  if (OWN.has(first)) {
    if (module.split('.').some((part) => INNER.has(part))) judgeOwn(module, name, found);
    return;
  }
  if (first === 'builtins' && (PLAIN.has(name) || PLAIN.has(className))) return;
  if (judgeName(`${module}.${name}`, found)) return;
  if (PLAIN.has(className) && !isFunction) return;
  // Keras writes the registered name of what is not its own: without one the module alone says what is loaded.
  if (typeof registered === 'string' && registered !== '' && registered !== 'function') custom(`${module}.${name}`, found);
  else if (parent !== undefined || module !== 'builtins')
    found.findings.push(
      finding('keras-module', `imports \`${module}.${name}\``.slice(0, 300), { seen: { import: `${module}.${name}`.slice(0, 300) } }),
    );
}

function judgeOwn(module: string, name: string, found: Found): void {
  const parts = `${module}.${name}`.split('.');
  const from = parts.findIndex((part) => INNER.has(part));
  if (!judgeName(parts.slice(from).join('.'), found))
    found.findings.push(
      finding('keras-module', `imports \`${parts.join('.')}\` through Keras`.slice(0, 300), { seen: { import: parts.join('.') } }),
    );
}

function judgeName(name: string, found: Found): boolean {
  const does = harmOf(name);
  if (does === undefined) return false;
  found.findings.push(finding('keras-import', `names \`${name.slice(0, 200)}\`, which ${does}`, { seen: { import: name.slice(0, 200) } }));
  return true;
}

function custom(name: string, found: Found): void {
  const message = `needs \`${name.slice(0, 200)}\``;
  if (!found.findings.some((each) => each.message === message)) found.findings.push(finding('keras-custom', message));
}
