/** What every page carries with it. */

export const STYLE = `
:root{color-scheme:light dark;--text:#1a1a1a;--muted:#555;--page:#fff;--card:#f5f5f7;--line:#c9c9d0;--link:#0a4fa8;--warn:#8a3b00}
@media (prefers-color-scheme:dark){:root{--text:#ececf1;--muted:#b4b4bd;--page:#15151a;--card:#1f1f26;--line:#45454f;--link:#8ab8ff;--warn:#ffb37a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;margin:0}
h2{font-size:1.15rem;margin:0 0 .5rem}
header p{margin:.2rem 0 1rem;color:var(--muted)}
a{color:var(--link)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:0 0 1rem;padding:0}
section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:0 0 1rem}
section.warning{border-color:var(--warn)}
section.warning h2,.mark{color:var(--warn)}
dl{margin:0}
dl>div{display:grid;grid-template-columns:minmax(7rem,14rem) 1fr;gap:.5rem;padding:.2rem 0;border-bottom:1px solid var(--line)}
dl>div:last-child{border-bottom:0}
dt{color:var(--muted)}
dd{margin:0;min-width:0}
summary{cursor:pointer}
details ul{margin:.3rem 0;padding-left:1.2rem;color:var(--muted);font-size:.9rem}
.table{overflow-x:auto;margin-top:.5rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);min-width:5rem;max-width:26rem;font-weight:normal}
thead th{color:var(--muted)}
.tree,.tree ul{list-style:none;padding-left:1.2rem;border-left:1px solid var(--line)}
.relation{color:var(--muted)}
.search{margin:0 0 1rem}
input{font:inherit;color:inherit;background:var(--page);border:1px solid var(--muted);border-radius:.3rem;padding:.3rem .5rem;max-width:100%}
[hidden]{display:none!important}
@media (max-width:40rem){dl>div{grid-template-columns:1fr;gap:0}}
@media print{nav,.search{display:none!important}section{break-inside:avoid;border-color:#999}body{max-width:none}}
`;

/** Search: hides rows and sections that do not hold what was typed. Without it the page is whole. */
export const SCRIPT = `
const box=document.querySelector('.search'),input=box.querySelector('input'),output=box.querySelector('output');
const sections=[...document.querySelectorAll('main section')].map(s=>[s,[...s.querySelectorAll('[data-row]')].map(r=>[r,r.textContent.toLowerCase()])]);
box.hidden=false;
input.addEventListener('input',()=>{
const wanted=input.value.trim().toLowerCase();let found=0;
for(const [section,rows] of sections){let any=false;
for(const [row,words] of rows){const hit=words.includes(wanted);row.hidden=!hit;if(hit){any=true;found++}}
section.hidden=wanted!==''&&!any}
output.textContent=wanted===''?'':found+(found===1?' match':' matches');
});
`;
