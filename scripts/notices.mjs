// THIRD-PARTY-NOTICES: the licences of what the build contains beside our own code, by what the bundler says that it put in.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const LINE = '='.repeat(100);
const INTRODUCTION = `Third-party notices

msbom itself is under the Apache License 2.0 (see LICENSE). The built program contains code of the packages and tables made from
the schemas and rules of those that follow, each under its own licence.
`;

/** Standards and rule sets, by what the first line of a generated file says that it was made from. */
const STANDARDS = [
  { name: 'CycloneDX', pattern: /CycloneDX/, license: 'Apache-2.0', text: cycloneDX },
  { name: 'gitleaks', pattern: /gitleaks/, license: 'MIT', text: gitleaks },
  { name: 'SPDX', pattern: /spdx-schema-v/, license: 'Community-Spec-1.0 AND CC-BY-3.0', text: spdx },
];
const OWN = /schema\/(1\.0\/msbom|profile-1\.0\/msbom-profile|policy-1\.0\/msbom-policy)\.schema\.json/;

/** Where the text of a licence stands that packages come without. */
const TEXTS = {
  'CC0-1.0': 'https://creativecommons.org/publicdomain/zero/1.0/legalcode',
  'CC-BY-3.0': 'https://creativecommons.org/licenses/by/3.0/legalcode',
};

/** Writes the file when a build ends; builds that share the plugin share the file. */
export function noticesPlugin(root) {
  const inputs = new Set();
  return {
    name: 'third-party-notices',
    setup(build) {
      build.onEnd(({ metafile }) => {
        if (metafile === undefined) return;
        for (const path of contents(metafile)) inputs.add(path);
        writeFileSync(join(root, 'THIRD-PARTY-NOTICES'), notices(root, inputs));
      });
    },
  };
}

/** Files of which something is in the output. */
export function contents({ outputs }) {
  const used = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return [...new Set(used.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path))];
}

/** The package that a file belongs to: its directory and its name; none of our own files. */
export function packageOf(path) {
  const [, directory, name] = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path.replaceAll('\\', '/')) ?? [];
  return directory === undefined ? undefined : { directory, name };
}

function notices(root, inputs) {
  const packages = new Map();
  const standards = new Set();
  const addPackage = ({ directory, name }) => packages.set(name, packageSection(resolve(root, directory), name));
  for (const path of inputs) {
    const found = packageOf(path);
    if (found !== undefined) addPackage(found);
    else if (path.includes('/generated/')) {
      const head = readFileSync(resolve(root, path), 'utf8').slice(0, 1000);
      for (const name of codeOf(head)) addPackage({ directory: `node_modules/${name}`, name });
      for (const standard of standardsOf(path, head)) standards.add(standard);
    }
  }
  const sorted = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, section]) => section);
  const last = STANDARDS.filter((each) => standards.has(each)).map(({ name, license, text }) => section(name, license, text(root)));
  return [INTRODUCTION, ...sorted, ...last].join('\n');
}

const section = (name, license, text) => `${LINE}\n${name} (${license})\n${LINE}\n${text.replaceAll('\r\n', '\n').trim()}\n`;

/** Packages whose code a generated file contains, which it says itself. */
const codeOf = (head) => /^\/\/ Contains code of (.+)\.$/m.exec(head)?.[1].split(', ') ?? [];

function standardsOf(path, head) {
  const source = /^\/\/ Written by scripts\/generate\.mjs from (.+)\. Do not edit\.$/m.exec(head)?.[1];
  if (source === undefined) throw new Error(`${path} does not say what it was made from`);
  const found = STANDARDS.filter(({ pattern }) => pattern.test(source));
  if (found.length === 0 && !OWN.test(source)) throw new Error(`${path}: no notice for what it was made from: ${source}`);
  return found;
}

/** Licence, authors and notice as the package has them, else what its README says of the licence, and where its text stands. */
function packageSection(directory, name) {
  const { license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const files = readdirSync(directory);
  const read = (pattern) => files.filter((file) => pattern.test(file)).map((file) => readFileSync(join(directory, file), 'utf8').trim());
  const texts = read(/^(licen[cs]e|copying)\b/i);
  if (texts.length === 0) texts.push(...read(/^readme\b/i).flatMap(licenseSection), textOf(license, name));
  return section(name, license, [...texts, ...read(/^authors\b/i), ...read(/^notice\b/i)].join('\n\n'));
}

function textOf(license, name) {
  if (TEXTS[license] === undefined) throw new Error(`${name} comes without the text of its licence, ${license}`);
  return `The text of the licence: ${TEXTS[license]}`;
}

const licenseSection = (readme) => readme.split(/^(?=## )/m).filter((part) => /^## .*\blicen[cs]/i.test(part));

function cycloneDX() {
  return `Tables made from the JSON and XML schemas of the CycloneDX specification, versions 1.4 to 1.7, without what they say to readers:
https://github.com/CycloneDX/specification. Copyright (c) OWASP Foundation. Under the Apache License 2.0, whose text stands above at
@cyclonedx/cyclonedx-library, which comes with the schemas. Among them is the schema of the JSON Signature Format, developed by
Anders Rundgren as a part of the OpenKeyStore project, under the same licence.`;
}

function gitleaks(root) {
  return `A table made from the rules of gitleaks 8.30.1, without its program: https://github.com/gitleaks/gitleaks

${readFileSync(join(root, 'scripts/generate/gitleaks/LICENSE'), 'utf8')}`;
}

/** From the notice beside the schemas, which says whose they are. */
function spdx(root) {
  const notice = readFileSync(join(root, 'test/support/spdx/NOTICE'), 'utf8');
  const schemas = notice.slice(notice.indexOf('\n- ')).split('\n\n')[0];
  return `Tables made from the JSON schemas of SPDX 3.0.1 and 2.3, which come from the System Package Data Exchange (SPDX) project:
${schemas}

The text of CC-BY-3.0: ${TEXTS['CC-BY-3.0']}
The schemas are provided "as is", without warranties of any kind.`;
}
