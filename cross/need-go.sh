#!/bin/sh
# Says in one sentence what to do if there is no Go, or one older than go.mod
# asks for, and ends with 1; otherwise silent. It runs before anything else does:
# an old Go cannot even read go.mod, and its own words about that help nobody.
set -u
cd "$(dirname "$0")/.." || exit 1

need=$(sed -n 's/^go \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' go.mod)

stop() {
	echo "Dzong needs Go $need or newer, and $1: install it from https://go.dev/dl/, put its bin folder first in PATH, and run make again." >&2
	exit 1
}

command -v go >/dev/null 2>&1 || stop "no go command was found"

# Inside the module, a Go of 1.21 or later that may fetch a newer one does so
# here. One that may not, or cannot, is asked for its own version instead.
said=$(go version 2>/dev/null) || said=$(GOTOOLCHAIN=local go version 2>/dev/null) || said=""
have=$(printf '%s\n' "$said" | sed -n 's/.*go\([0-9][0-9]*\.[0-9][0-9]*[a-z0-9.]*\).*/\1/p')
[ -n "$have" ] || stop "the go command here does not say its version"

major=${have%%.*}
minor=${have#*.}
minor=${minor%%[!0-9]*}
if [ "$major" -gt "${need%%.*}" ]; then
	exit 0
fi
if [ "$major" -lt "${need%%.*}" ] || [ "$minor" -lt "${need#*.}" ]; then
	stop "this machine has $have"
fi
case $have in
"$need"rc* | "$need"beta*) stop "this machine has the preview $have" ;;
esac
exit 0
