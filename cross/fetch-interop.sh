#!/bin/sh
# Unpacks the libraries of others that the interoperability tests drive, and
# prints the folder they are in.
#
#	fetch-interop.sh FOLDER
#
# They are what package-lock.json in FOLDER pins, by version and hash, fetched by
# npm into a cache folder outside the tree; nothing of theirs is run on
# installation. Run again, it answers from the cache.
#
# Standard output: the folder, nothing else. Exit status: 0 there, 3 not possible
# here (the reason and what is skipped for it are on standard error).
set -eu
peer=$1
cd "$peer"

skip() {
	echo "interop: $1; the tests against the libraries of others in $peer (make interop) are skipped" >&2
	exit 3
}

command -v node >/dev/null 2>&1 || skip "no node on the PATH (Node.js 20 or later)"
command -v npm >/dev/null 2>&1 || skip "no npm on the PATH"
major=$(node -p 'process.versions.node.split(".")[0]') || skip "node does not start"
[ "$major" -ge 20 ] || skip "Node.js $major is too old, 20 or later is needed"

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/dzong
home=$cache/interop-$(cat package.json package-lock.json | sha256sum | cut -c1-16)
if [ -d "$home/node_modules" ]; then
	echo "$home"
	exit 0
fi

mkdir -p "$cache" 2>/dev/null || skip "cannot write $cache"
work=$(mktemp -d "$cache/interop.XXXXXX") || skip "cannot write $cache"
trap 'rm -rf "$work"' EXIT
cp package.json package-lock.json .npmrc "$work/"
if ! (cd "$work" && npm ci --no-progress >npm.log 2>&1); then
	grep -E '^npm (error|ERR!)' "$work/npm.log" | head -n 3 >&2 || true
	skip "npm could not fetch what package-lock.json pins"
fi
# Another run may have been quicker; then its copy is as good.
mv -T "$work" "$home" 2>/dev/null || [ -d "$home/node_modules" ] || skip "cannot write $home"
echo "$home"
