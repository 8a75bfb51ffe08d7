/** Credentials that were never valid: drawn from a fixed seed when a test runs. No file holds one; `·` cuts what scanners look for. */

/** A form: `{A20}` twenty letters or digits, `{a…}` small ones, `{h…}` hexadecimal, `{U…}` capitals and digits, `{d…}` digits, `{w…}` with `-` and `_`, `{b…}` base64, `{l…}` letters. */
const ALPHABETS: Readonly<Record<string, string>> = {
  A: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  a: 'abcdefghijklmnopqrstuvwxyz0123456789',
  h: '0123456789abcdef',
  U: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  d: '0123456789',
  w: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-',
  b: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  l: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
};

/** Told by their own form, wherever they stand. */
const BARE = `
h·f_{l34} h·f_{A34} api_·org_{l34} g·hp_{A36} g·ho_{A36} g·hu_{A36} g·hs_{A36} g·hr_{A36} github·_pat_{A22}_{A59} gl·pat-{w20} gl·dt-{w20} gl·ptt-{h40} gl·rt-{w20}
gl·cbt-64_{A20} gl·imt-{w25} gl·ft-{w20} gl·soat-{w20} gl·agent-{w50} n·pm_{A36} py·pi-AgEIcHlwaS5vcmc{w100} ruby·gems_{h48} dckr·_pat_{w27} dckr·_oat_{w32} ci·o{A32}
s·k-{A48} s·k-proj-{w74} s·k-svcacct-{w74} s·k-ant-api03-{w93}AA s·k-ant-admin01-{w93}AA s·k-or-v1-{h64} r8·_{A37} gs·k_{A52} nv·api-{w64} ls·v2_pt_{h32}_{h10} ls·v2_sk_{h32}_{h10}
pc·sk_{A60} pp·lx-{A48} x·ai-{A80} tv·ly-{A32} ji·na_{A60} wandb·_v1_{A60} fw·_{A24} cs·k-{a48} s·k_{h48} lf·_pk_{A40} da·pi{h32} da·pi{h32}-2 do·p_v1_{h64} do·o_v1_{h64} do·r_v1_{h64}
h·vs.{w90} h·vb.{w140} h·vr.{w90} HR·KU-{A36} HR·KU-AA{w58} AK·IA{U16} AS·IA{U16} AB·IA{U16} AI·za{w35} GOC·SPX-{w28} ya·29.{w120} 1·//0{w60} LT·AI{A20} AK·ID{A32} AQ·VN{w36}
xo·xb-{d12}-{d12}-{A24} xo·xp-{d12}-{d12}-{d12}-{h32} xo·xa-2-{d12}-{A32} xo·xe-1-{A146} xa·pp-1-A{U10}-{d13}-{h64} {d9}:A·A{A33} S·G.{A22}.{A43} ke·y-{h32} xkey·sib-{h64}-{A16}
s·k_live_{A24} r·k_live_{A24} rz·p_live_{A14} xo·xd-{b80} AT·CTT3{w180} s·k_test_{A24} wh·sec_{A32} sq0·atp-{w22} sq0·csp-{w43} EA·AA{A100} sh·pat_{h32} sh·pca_{h32} sh·ppa_{h32} sh·pss_{h32} SK·{h32} PM·AK-{h24}-{h34}
nt·n_{d11}{A35} sec·ret_{A43} fi·gd_{w40} p·at{A14}.{h64} lin·_api_{A40} NR·AK-{U27} sn·tryu_{h64} gl·sa_{A32}_{h8} gl·c_{A60} AT·ATT3{w186} s·l.{w130} db·c_{A40} as·ana_{A32} bk·ua_{h40}
ey·JhbGciOiJIUzI1NiJ9.eyJ{A30}.{A43} pul·-{h40} pn·u_{A36} sb·p_{h40} {A14}.at·lasv1.{A64} du·ffel_live_{A43} EZ·AK{A54} dt·0c01.{U24}.{U64} fl·y_v1_{A43} fo·1_{w43} rd·me_{a70} shippo·_live_{h40}
{h32}-u·s12 MT·{A22}.{w6}.{A38} abc8·Q~{A34} PK·AK-{A28} zp·ka_{h64}_{h8} v·cp_{A24} up·key_{A40} pat·_{A32} tok·_{A32} acme·_live_{A32} key·_{A24} foo·-v1-{A32} pk·_prod_{A28} zz·_api_{A40}
or·ga_{A32} cb·at_{A30} rpa·_{A40} bl·t_{A36} e2·b_{h40} ak·_{A40} ms·-{A40} om·ni_{A44} px·_test_{A32} us·r_{A36} tl·k_{A36} nb·_pat_{A36} svc·-acct-{A30}
`;
/** Told by what stands around them; what must go is between `«` and `»`. */
const AROUND = `
password=«S3c{A9}» passwd:·«Pw{A9}» PGPASSWORD=«{A12}» db_pass=«{A14}» Authorization:·Bearer·«{A40}» Authorization:·Basic·«{b32}» Bearer·«{A40}» X-Api-Key:·«{A32}» sshpass·-p·«Pw{A10}»·ssh·h
curl·-u·me:«{A16}»·https://x.example curl·--user·me:«{A16}»·https://x.example --api-key·«{A28}» --token=«{A28}» --hf_token·«{A30}» wandb·login·«{h40}» WANDB_API_KEY=«{h40}» export·HF_TOKEN=«{A28}» {"auth":{"password":"«{A16}»"}}
{\\"api_key\\":·\\"«{A24}»\\"} {'secret':·'«{A20}»'} https://«{A30}»@github.com/o/r.git https://user:«{A12}»@x.example/y postgresql://user:«S3{A10}»@db.example/x mongodb+srv://admin:«{A12}»@c0.example redis://:«{A12}»@h:6379
amqp://guest:«{A10}»@mq.example/v mysql://root:«{A10}»@db.example/x https://x.example/f?token=«{A30}» https://x.example/f?access_token=«{A30}» https://x.example/f?api_key=«{A30}» https://x.example/f?sig=«{A43}»%3D
https://b.example/k?X-Amz-Signature=«{h64}» https://b.example/k?X-Goog-Signature=«{h64}» https://a.blob.example/c?sv=2022-11-02&sig=«{A43}» AccountName=a;AccountKey=«{b86}»== Endpoint=sb://x.example/;SharedAccessKey=«{b43}»=
Server=h;User·Id=u;Password=«{A14}»; https://hooks.sl·ack.com/services/T0AAAAAAA/B0AAAAAAA/«{A24}» https://discord·.com/api/webhooks/123456789012345678/«{A68}» Cookie:·session=«{A40}» aws_secret_access_key·=·«{b40}» client_secret:·"«{A40}»"
-----BEGIN·RSA·PRIVATE·KEY-----\\n«MII{A60}»\\n-----END·RSA·PRIVATE·KEY----- -----BEGIN·OPENSSH·PRIVATE·KEY-----\\n«b3B{A60}» -----BEGIN·PRIVATE·KEY-----\\n«MIIE{A60}» //x.example/:_authToken=«{A36}» machine·x.example·login·me·password·«{A16}»
docker·login·-u·me·-p·«{A20}» mysql·-u·root·-p«{A12}» logger.wandb.api_key=«{h40}» +secrets.token=«{A28}» --extra={"api_key":"«{A28}»"} set·OPENAI_KEY=«{A32}» datadog_key=«{h32}» MISTRAL_API_KEY=«{A32}» KAGGLE_KEY=«{h32}»
COMET_API_KEY·«{A25}» {"username":"me","key":"«{h32}»"} wandb.login(key='«{h40}»') get(u,·auth=("me",·"«pW{A10}»")) HTTPBasicAuth('me',·'«pW{A10}»') redis-cli·-h·x·-a·«pW{A12}» vault·kv·put·secret/x·value=«{A30}»
echo·«pW{A10}»·|·sudo·-S·ls az·login·--service-principal·-u·x·-p·«{A34}»·--tenant·t gh·auth·login·--with-token·<<<·«{A40}» SECRET_KEY_BASE=«{h128}» Authorization:·AWS4-HMAC-SHA256·Credential=a,·Signature=«{h64}»
password·is·«Tr0ub4dor&{A4}» pass·phrase:·«x1{A12}!» pwd·«P@ss{d5}w» passwort=«Ab{A9}» mot·de·passe:·«Qw{A8}» contraseña:·«Er{A9}» 密码：«Ty{A9}» пароль:·«Ui{A9}» my·token·is·«{A40}»
`;
/** Told by a name alone, of what is otherwise opaque. */
const NAMES = `api_key apiKey API-KEY x_api_key hub_token push_to_hub_token hf_token pwd passwd password secret auth credentials db_pass passphrase apikey access_key aws_secret_access_key private_key connection_string
cookie bearer openai_key hf_key signing_key encryption_key client_secret comet_api_key WANDB_API_KEY NEPTUNE_API_TOKEN MLFLOW_TRACKING_PASSWORD access_token refresh_token session_token auth_token bot_token secret_key service_key
token pat otp pin key smtp_password ftp_pass redis_password webhook_secret jwt_secret license_key deploy_token registry_token azure_client_secret storage_key account_key elevenlabs_api_key cohere_key pinecone_key together_api_key`;

export interface Planted {
  readonly kind: string;
  /** As it stands in a text. */
  readonly text: string;
  /** What must not be seen again. */
  readonly part: string;
  /** Name that it must stand under to be known. */
  readonly name?: string;
}

/** Numbers below `limit` from a seed (xorshift32). */
function drawing(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** One of each kind. */
export function plantedCredentials(seed: number): readonly Planted[] {
  const draw = drawing(seed);
  const filled = (form: string): string =>
    form.replace(/\{([AahUdwbl])(\d+)\}/g, (_, alphabet: string, count: string) => {
      const letters = ALPHABETS[alphabet] ?? '';
      return Array.from({ length: Number(count) }, () => letters[draw(letters.length)]).join('');
    });
  const words = (forms: string): readonly string[] => forms.trim().split(/\s+/);
  return [
    ...words(BARE).map((form): Planted => {
      const text = filled(form.replaceAll('·', ''));
      return { kind: form, text, part: text };
    }),
    ...words(AROUND).map((form): Planted => {
      const isCut = /sl·ack|discord·/.test(form);
      const text = filled(form.replaceAll('·', isCut ? '' : ' '));
      return { kind: form, text: text.replace(/[«»]/g, '').replaceAll('\\n', '\n'), part: /«([^»]*)»/.exec(text)?.[1] ?? '' };
    }),
    ...words(NAMES).map((name): Planted => {
      const text = filled('{A24}');
      return { kind: name, text, part: text, name };
    }),
  ];
}
