import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const schema = JSON.parse(readFileSync(new URL('../fixtures/sarif/sarif-schema-2.1.0.json', import.meta.url), 'utf8')) as {
  $schema?: string;
  id?: string;
};
// It is of draft 4, of which it uses nothing that draft 7 has otherwise but the name of `id`.
const { $schema: _, id, ...rest } = schema;
const ajv = new Ajv({ strict: false, allErrors: true });
(addFormats as unknown as (to: Ajv) => void)(ajv);
const check = ajv.compile({ ...rest, $id: id } as object);

/** What breaks the official schema of SARIF 2.1.0 in a text, and what the schema cannot say of rules. */
export function sarifProblems(text: string): readonly string[] {
  const log = JSON.parse(text) as {
    runs: readonly {
      tool: { driver: { rules: readonly { id: string }[] } };
      results: readonly { ruleId: string; ruleIndex: number; message: { text: string }; suppressions?: readonly object[] }[];
    }[];
  };
  const shape = check(log) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  const rules = log.runs.flatMap(({ tool, results }) =>
    results.flatMap(({ ruleId, ruleIndex }) => (tool.driver.rules[ruleIndex]?.id === ruleId ? [] : [`rule ${ruleIndex} is not ${ruleId}`])),
  );
  const ids = log.runs.flatMap(({ tool }) => tool.driver.rules.map(({ id: of }) => of));
  return [...shape, ...rules, ...(new Set(ids).size === ids.length ? [] : ['two rules have one id'])];
}
