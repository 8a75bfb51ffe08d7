#!/bin/sh
# A creator, a second party and a deployer: from signed sources to a deployment that is verified, or refused.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
msbom=${MSBOM:-npx msbom}
mkdir -p "${1:-work}"
cd "${1:-work}"

say() { printf '\n== %s\n' "$*"; }
key() {
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.pem" 2>/dev/null
  openssl ec -in "$1.pem" -pubout -out "$1.pub" 2>/dev/null
}
# The deployer asks one question, and nothing is deployed without a yes.
deploy() {
  $msbom verify lora --policy policy.json --boundary production --roots sources --base "$1" --explain
}
refused() {
  if deploy "$1"; then
    echo "deployed on $1, which must not be" >&2
    exit 1
  fi
  echo "refused"
}

say "The creator signs a base model and a dataset"
key creator
mkdir -p sources/base sources/data lora
printf 'weights of the base model' > sources/base/model.safetensors
printf '{"architectures":["LlamaForCausalLM"]}' > sources/base/config.json
printf '{"text":"hello"}\n' > sources/data/train.jsonl
$msbom sign sources/base --key creator.pem
$msbom sign sources/data --key creator.pem

say "A second party fine-tunes an adapter, signs it, says what it was made from, and hands it over"
key tuner
printf 'weights of the adapter' > lora/adapter_model.safetensors
$msbom sign lora --key tuner.pem
$msbom attest lora --key tuner.pem --type provenance --kind finetune --builder https://ci.tuner.example \
  --input base-model=sources/base --input dataset=sources/data --parameter epochs=3
$msbom attest lora --key tuner.pem --type test-result --result PASSED --configuration https://eval.example/suite --passed accuracy
$msbom attest lora --key tuner.pem --type handoff --from https://tuner.example --to https://shop.example --purpose deploy

say "The deployer verifies the adapter and all that it was made from"
cp "$here/policy.json" policy.json
deploy sources/base
$msbom verify lora --policy policy.json --boundary production --roots sources --format mermaid > lineage.mmd

say "The base model is swapped in place"
cp -R sources/base good-base
printf 'weights of something else' > sources/base/model.safetensors
refused sources/base

say "The base model is swapped for another one of the same creator"
$msbom sign sources/base --key creator.pem
refused sources/base

say "With the base model that the adapter was made for, it is deployed again"
rm -r sources/base
cp -R good-base sources/base
deploy sources/base > verdict.txt
tail -n 1 verdict.txt
