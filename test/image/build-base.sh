#!/bin/sh
# Builds a base image without Docker and without a registry of images: a minimal Debian and this machine's own node
# and npm, so that processing/Dockerfile can be built for real where no image can be pulled. Needs root, buildah and
# debootstrap.
#
# usage: build-base.sh NAME FOLDER     e.g. build-base.sh localhost/node /tmp/rootfs
set -eu
name=${1:?name of the image}
root=${2:?folder for the root file system, kept for the next time}

if [ ! -e "$root/etc/debian_version" ]; then
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" http://deb.debian.org/debian
fi
mkdir -p "$root/usr/lib/node_modules" "$root/usr/etc"
cp -L "$(command -v node)" "$root/usr/bin/node"
ldd "$(command -v node)" | awk '$3 ~ /^\// { print $3 }' | while read -r library; do
  [ -e "$root$library" ] || cp -L --parents "$library" "$root"
done
rm -rf "$root/usr/lib/node_modules/npm"
cp -rL "$(npm root -g)/npm" "$root/usr/lib/node_modules/npm"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/bin/npm"
# The same certificates and registry as outside.
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
cafile=/etc/ssl/certs/ca-certificates.crt
printf 'cafile=%s\nregistry=%s\n' "$cafile" "$(npm config get registry)" >"$root/usr/etc/npmrc"

container=$(buildah from scratch)
buildah add --quiet "$container" "$root" / >/dev/null
buildah commit --quiet --rm "$container" "$name" >/dev/null
