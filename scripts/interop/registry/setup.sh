#!/bin/sh
# Registries and clients of OCI, built with Go into .tmp/interop/bin for test/interop/oci.test.ts. Takes some ten minutes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
mkdir -p "$root/.tmp/interop/bin" "$root/.tmp/interop/registry"
export GOBIN="$root/.tmp/interop/bin"
cd "$root/.tmp/interop/registry"
go install oras.land/oras/cmd/oras@v1.3.6
go install github.com/distribution/distribution/v3/cmd/registry@v3.1.2
go install github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3
cp "$here/main.go" .
[ -f go.mod ] || go mod init msbom.example/registry
go get github.com/google/go-containerregistry@v0.22.1
go mod tidy
go build -o "$GOBIN/referrers-registry" .
# Debian's registry, of before OCI 1.1.
if command -v apt-get >/dev/null; then
  apt-get download docker-registry && dpkg -x docker-registry_*.deb debian && cp debian/usr/bin/docker-registry "$GOBIN/"
fi
