#!/bin/sh
# Runs the tests under the race detector. It alone needs cgo and a C compiler:
# where there is none, it says so and ends well, since nothing that ships does.
set -eu
cd "$(dirname "$0")/.."
sh cross/need-go.sh

echo '== race detector'
cc=$(CGO_ENABLED=1 go env CC)
if ! command -v "${cc%% *}" >/dev/null 2>&1; then
	echo "skipped: the race detector needs a C compiler and there is no ${cc%% *} (on Debian: apt install gcc libc6-dev)"
	exit 0
fi
CGO_ENABLED=0 go build -buildvcs=false -o .build/testsum ./cross/testsum
# -short: what measures time or fills disks says nothing under a detector that
# makes everything many times slower.
CGO_ENABLED=1 exec .build/testsum -race -short -count=1 -timeout 20m "$@"
