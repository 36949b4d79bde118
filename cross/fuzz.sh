#!/bin/sh
# Runs every fuzz target of the packages in turn: fuzz.sh TIME PACKAGE...
# What is found is written by Go next to the test, under testdata/fuzz, and runs
# with the ordinary tests from then on.
set -eu
cd "$(dirname "$0")/.."
time=$1
shift

targets=$(go list -f '{{.ImportPath}}' "$@" | while read -r package; do
	listed=$(go test -list '^Fuzz' "$package") # ends the script if the tests do not build
	printf '%s\n' "$listed" | sed -n "s|^\(Fuzz.*\)|$package \1|p"
done)
if [ -z "$targets" ]; then
	echo "no fuzz target in $*" >&2
	exit 1
fi

ran=0
failed=0
while read -r package target; do
	ran=$((ran + 1))
	echo "== $package $target ($time)"
	# By default Go may spend a whole minute on making one input smaller.
	go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 1s "$package" || failed=$((failed + 1))
done <<END
$targets
END
echo "$((ran - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
