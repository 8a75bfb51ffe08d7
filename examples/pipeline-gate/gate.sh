#!/bin/sh
# A gate for pipelines: stops when the manifest is not valid or the files are not the ones it describes.
# usage: gate.sh DIRECTORY MANIFEST      (MSBOM names the program; default `npx msbom`)
set -eu
: "${MSBOM:=npx msbom}"
directory=$1
manifest=$2
$MSBOM validate "$manifest" --format "${MSBOM_FORMAT:-text}"
$MSBOM verify "$directory" --manifest "$manifest"
echo "gate: passed"
