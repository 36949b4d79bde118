#!/bin/sh
# Unpacks a real Mosquitto for the tests and prints the path of its command.
#
# Nothing is installed and no service is started: the broker and those shared
# libraries it needs that this machine lacks are downloaded with apt-get and
# unpacked into a cache folder. Works as root or not. Run again, it answers from
# the cache.
#
# Standard output: the path, nothing else. Exit status: 0 found or unpacked,
# 3 not possible here (the reason is on standard error; tests against a real
# broker are then skipped, the embedded broker's tests still run).
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/dzong
home=$cache/mosquitto

skip() {
	echo "mosquitto: $1; tests against a real Mosquitto are skipped" >&2
	exit 3
}

# A broker that starts and answers is one the tests can use.
works() { [ -x "$1" ] && "$1" -h 2>/dev/null | grep -q '^mosquitto version'; }

for have in "${DZONG_MOSQUITTO:-}" "$home/mosquitto" "$(command -v mosquitto || true)" /usr/sbin/mosquitto; do
	if [ -n "$have" ] && works "$have"; then
		echo "$have"
		exit 0
	fi
done

command -v apt-get >/dev/null 2>&1 || skip "no apt-get on this machine, and no mosquitto on the PATH"
command -v dpkg-deb >/dev/null 2>&1 || skip "no dpkg-deb on this machine, and no mosquitto on the PATH"
mkdir -p "$cache" 2>/dev/null || skip "cannot write $cache"
work=$(mktemp -d "$cache/mosquitto.XXXXXX") || skip "cannot write $cache"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/debs/partial" "$work/root"

# apt's own list of what can be had; where it is empty (a fresh container), a
# private one is fetched, which needs no rights and changes nothing here.
set -- -q -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20
if [ "$(id -u)" = 0 ]; then
	set -- "$@" -o APT::Sandbox::User=root # the cache folder need not be readable for _apt
fi
if ! apt-cache show mosquitto >/dev/null 2>&1; then
	echo "mosquitto: the package lists are empty, fetching them into $cache" >&2
	mkdir -p "$cache/apt/lists/partial" "$cache/apt/archives/partial"
	set -- "$@" -o Dir::State::lists="$cache/apt/lists" -o Dir::Cache="$cache/apt" \
		-o Dir::State::status=/var/lib/dpkg/status
	apt-get "$@" update >"$work/log" 2>&1 || true
fi
apt-cache "$@" show mosquitto >/dev/null 2>&1 ||
	skip "no package of that name can be had (no network, or apt-get update is needed)"

# Of what it depends on, only libraries, and only those not installed already:
# a second copy of one that is here could shadow it.
wanted=mosquitto
queue=mosquitto
while [ -n "$queue" ]; do
	next=
	for p in $(for q in $queue; do apt-cache "$@" depends "$q"; done |
		sed -n 's/^ *\(Pre\)\{0,1\}Depends: \(lib[a-z0-9.+-]*\).*/\2/p' | sort -u); do
		case " $wanted " in *" $p "*) continue ;; esac
		if ! dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null | grep -q '^installed'; then
			wanted="$wanted $p"
			next="$next $p"
		fi
	done
	queue=$next
done
# shellcheck disable=SC2086 # a list of package names
(cd "$work/debs" && apt-get "$@" download $wanted) >"$work/log" 2>&1 ||
	skip "the packages ($wanted) could not be downloaded"
for deb in "$work"/debs/*.deb; do
	dpkg-deb -x "$deb" "$work/root" || skip "cannot unpack $(basename "$deb")"
done

libs=$(find "$work/root" -name '*.so*' -exec dirname {} \; | sort -u | sed "s|^$work|$home|" | paste -sd: -)
cat >"$work/mosquitto" <<WRAP
#!/bin/sh
LD_LIBRARY_PATH='$libs' exec '$home/root/usr/sbin/mosquitto' "\$@"
WRAP
chmod +x "$work/mosquitto"
rm -rf "$work/debs" "$work/log" "$home"
trap - EXIT
mv "$work" "$home"

works "$home/mosquitto" || skip "unpacked into $home, but it does not start on this machine"
echo "$home/mosquitto"
