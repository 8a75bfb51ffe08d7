/** What names of settings, options, variables and members say of their values. */

/**
 * `sure`: whatever text stands there is a credential. `likely`: so it is as an argument of a program; as a setting it may be a
 * word (`token: bpe`). `possible`: only what looks like one is one (`pin`, `key`).
 */
export type Grade = 'sure' | 'likely' | 'possible';

const END = '(?:_?(?:value|string|str|text|plain|raw|b64|base64|enc|prod|dev|test|staging|live|old|new|base|\\d{1,2}))?$';
const VENDORS =
  'alibaba|anthropic|assemblyai|aws|azure|brave|clearml|cohere|comet|databricks|datadog|deepgram|deepseek|elevenlabs|exa|fireworks|gcp|gemini|github|gitlab|google|groq|hf|hub|hugging_?face|jina|kaggle|langchain|langfuse|langsmith|llm|minio|mistral|mlflow|neptune|ngc|nvidia|openai|openrouter|oss|perplexity|pinecone|qdrant|replicate|s3|serper|stripe|supabase|swanlab|tavily|together|vertex|voyage|wandb|weaviate|xai';
const SURE = new RegExp(
  `(?:^|_)(?:secrets?|[a-z]{0,16}(?:password|passwd|passwort|kennwort|wachtwoord)|senha|contrasena|passcode|pwd|passphrase|pass_?phrase|pass_?word|credentials?|creds|cookies?|set_cookie|bearer|webhook|webhook_?url|dsn|connection_?(?:string|url|uri)|conn_?str|authorization|proxy_authorization|htpasswd|mnemonic|seed_?phrase|(?:db|database|user|smtp|mail|ftp|ssh|sql|mysql|pg|postgres|redis|mongo|admin|root|login|proxy|http|imap|ldap|git|registry|docker|neo4j|rabbitmq|es|elastic|jdbc|keystore|account|ca)_?(?:pass|pw))${END}` +
    `|(?:^|_)(?:api|access|private|secret|account|auth|encryption|encrypt|decryption|signing|signature|ssh|gpg|pgp|deploy|master|shared_access|storage|subscription|license|hmac|jwt|service|service_role|fernet|session|cipher|aes|${VENDORS})_?(?:api_?|secret_?|access_?)?(?:keys?|secret|pat)${END}` +
    `|(?:apikey|secretkey|accesskey|privatekey|authkey|passkey)s?${END}` +
    `|(?:^|_)(?:hub|hf|hugging_?face|api|access|auth|refresh|id|bearer|oauth2?|session|security|secret|bot|user|app|deploy|ci|job|write|read|personal|private|csrf|xsrf|vault|registry|npm|pypi|sas|${VENDORS})_?(?:api_?|access_?|auth_?)?tokens?${END}`,
);
const LIKELY = /(?:^|_)(?:token|auth|authentication|pass|pat|sas)(?:_value)?$|[a-z]token$/;
const POSSIBLE =
  /(?:^|_)(?:tokens?|pins?|pat|otp|totp|mfa|keys?|sig|signature|sign|hmac|pass|pw|psk|cred|login|nonce|salt|code|auth|access|license|licence|session|jwt|sid|private|secrets?|passwords?|passwd|credentials?|api|webhook|cookies?|userinfo|pwd|hash_?key)(?:_|$)/;
/** Of a tokenizer, and settings about tokens. */
const VOCABULARY =
  /(?:^|_)(?:pad|padding|eos|bos|unk|unknown|cls|sep|mask|image|img|video|audio|speech|text|stop|special|additional_special|boi|eoi|eot|eom|eod|prompt|start|end|end_of_text|decoder_start|forced_bos|forced_eos|suppress|bad|new|next|sub|query|document|user_(?:start|end)|system|assistant|im_start|im_end|prefix|suffix|middle|blank|mem|vision|vis|vlm|box|quad|tool|language|lang|task|begin|final|newline|null|empty|word|sentence|dummy|visual|fim_\w+|max|min|num|n|per|each|single|first|last)_?tokens?$|tokens?_(?:type|id|ids|len|length|size|count|limit|dim|drop|dropout|mask|shape|pos|rate|per\w*|index|indices|merg\w*|class\w*|embed\w*|mixing\w*|path|file|set|name)/;
/** What is about a credential and holds none. */
const ABOUT =
  /(?:^|_)(?:public|primary|foreign|sort|hot|bucket|cache|partition|state|dict|query|index|natural|input|output|label|image|text|target|feature|column|batch|value|metric|monitor|best|loss|group|config|json|yaml|plot)_?keys?$|keys?_(?:id|name|dim|size|length|len|bias|padding\w*|value|mask|type|file|path|proj\w*|norm|heads?|points?|states?|length|word|words)|(?:secret|password|token|api|key|pass|auth|license|licence|session|code|signature|login)_?(?:name|names|link|url|uri|endpoint|type|version|length|size|expir\w*|ttl|id|ids|file|path|free|method|scheme|schemes|algorithms?|suites?|mode|status|date|scheme|provider|required|enabled|set|search|base|eval\w*|review|generation|model\w*)(?:_|$)/;

/** The last part of a dotted name in small letters, words apart by `_`. */
export const plainName = (name: string): string =>
  name
    .slice(-160)
    .replace(/^.*[.\]/]/s, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/_+$/, '');

const grades = new Map<string, Grade | undefined>();
const MAX_CACHED = 20_000;

/** What a name says of its value; undefined when nothing. */
export function gradeOf(name: string): Grade | undefined {
  if (name.length > 1000) return gradeOf(name.slice(-160));
  if (grades.has(name)) return grades.get(name);
  const grade = graded(plainName(name));
  if (grades.size >= MAX_CACHED) grades.clear();
  grades.set(name, grade);
  return grade;
}

function graded(plain: string): Grade | undefined {
  if (plain.length < 2 || VOCABULARY.test(plain)) return undefined;
  if (SURE.test(plain) && !/(?:^|_)public_/.test(plain)) return 'sure';
  if (ABOUT.test(plain)) return undefined;
  if (LIKELY.test(plain)) return 'likely';
  return POSSIBLE.test(plain) ? 'possible' : undefined;
}

/** Does the name of an option, variable or member say that its value is a credential? */
export function isCredentialName(name: string): boolean {
  const grade = gradeOf(name);
  return grade === 'sure' || grade === 'likely';
}
