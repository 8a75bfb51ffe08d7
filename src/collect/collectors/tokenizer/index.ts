/** Tokenizer files: chat templates by digest, code that they name. */
import { sha256Text } from '../../../core/digest.js';
import { decodeUtf8 } from '../../../core/json.js';
import { baseName, type Collected, type Collector, type Contribution, RANKS } from '../../contribution.js';
import { asObject, asText, type Loose } from '../../values.js';
import { fromJson, unreadable } from '../shared/json-file.js';

const METHOD = 'tokenizer files';

export const tokenizer: Collector = {
  id: 'tokenizer',
  files: '`tokenizer_config.json`, `chat_template.json`, `chat_template.jinja`',
  matches: (path) => /(^|\/)(tokenizer_config\.json|chat_template\.(json|jinja))$/.test(path),
  collect(file, { limits }) {
    if (file.path.endsWith('.jinja')) return jinja(file.path, file.bytes);
    return fromJson(file, limits, (config) => ({
      contributions: [...templates(file.path, config), ...tokenizerFacts(file.path, config)],
      findings:
        asObject(config.auto_map) === undefined
          ? []
          : [
              {
                id: 'remote-code',
                severity: 'high',
                message: 'the tokenizer configuration names code that ships with the model',
                fix: 'Review the Python files of the model before loading it.',
                file: file.path,
                pointer: '/auto_map',
              },
            ],
    }));
  },
};

function jinja(path: string, bytes: Uint8Array): Collected {
  try {
    return { contributions: [note(path, { default: sha256Text(decodeUtf8(bytes, path)) }, undefined)] };
  } catch {
    return { contributions: [], findings: [unreadable(path, 'the file is not valid UTF-8')] };
  }
}

/** A template is a text, or a list of named texts. */
function templates(path: string, config: Loose): Contribution[] {
  const { chat_template: template } = config;
  if (typeof template === 'string') return [note(path, { default: sha256Text(template) }, 'chat_template')];
  const named = (Array.isArray(template) ? template : []).flatMap((entry: unknown) => {
    const { name, template: text } = asObject(entry) ?? {};
    return typeof name === 'string' && typeof text === 'string' ? [[name, sha256Text(text)] as const] : [];
  });
  return named.length > 0 ? [note(path, Object.fromEntries(named), 'chat_template')] : [];
}

function note(path: string, chatTemplates: { readonly [name: string]: string }, key: string | undefined): Contribution {
  return {
    kind: 'file',
    path,
    facts: { chatTemplates },
    from: { origin: 'observed', path, ...(key === undefined ? {} : { key }), method: METHOD },
  };
}

function tokenizerFacts(path: string, config: Loose): Contribution[] {
  if (asObject(config.auto_map) === undefined || baseName(path) !== 'tokenizer_config.json') return [];
  const from = { origin: 'declared', path, key: 'auto_map', method: METHOD } as const;
  const name = asText(config.tokenizer_class);
  return [
    { kind: 'claim', pointer: '/model/remoteCode', value: true, rank: RANKS.config, from },
    ...(name === undefined ? [] : [{ kind: 'file', path, facts: { metadata: { tokenizer_class: name } }, from } as const]),
  ];
}
