#!/bin/sh
# install.t - make install puts programs and man pages under DESTDIR and PREFIX, they run, make uninstall leaves nothing.
set -u
B=${B:-build}
n=0
echo 1..6

check() { # NAME STATUS [FILE shown on failure]
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        [ -z "${3:-}" ] || sed 's/^/# /' "$3"
    fi
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL

make -s install "B=$B" "DESTDIR=$tmp/dest" PREFIX=/opt/weft >"$tmp/out" 2>&1
check 'make install succeeds' $? "$tmp/out"
(cd "$tmp/dest" && find . -type f | sort) >"$tmp/got"
cat >"$tmp/want" <<END
./opt/weft/bin/weft
./opt/weft/bin/weft-indexer
./opt/weft/bin/weft-searchd
./opt/weft/lib/systemd/system/weft-searchd-http.socket
./opt/weft/lib/systemd/system/weft-searchd.service
./opt/weft/lib/systemd/system/weft-searchd.socket
./opt/weft/lib/sysusers.d/weft.conf
./opt/weft/share/man/man1/weft-indexer.1
./opt/weft/share/man/man1/weft.1
./opt/weft/share/man/man7/weft-query.7
./opt/weft/share/man/man8/weft-searchd.8
END
for mapping in mappings/*.json; do # each is also part of the program
    echo "./opt/weft/share/weft/$mapping"
done >>"$tmp/want"
diff "$tmp/want" "$tmp/got" >"$tmp/diff"
check 'it puts these files' $? "$tmp/diff"
bad=0
for program in weft weft-indexer weft-searchd; do
    "$tmp/dest/opt/weft/bin/$program" --version >"$tmp/version" 2>&1 || bad=1
    grep -q "^$program [0-9]" "$tmp/version" || bad=1
done
check 'each says its name and version' $bad "$tmp/version"

# The client finds the daemon beside itself, not in PATH.
cp -R corpus "$tmp/corpus"
bin=$tmp/dest/opt/weft/bin
{ "$bin/weft-indexer" build -i "$tmp/index" "$tmp"/corpus/*.ndjson && "$bin/weft" search -i "$tmp/index" mussels; } >"$tmp/out" 2>&1 &&
    grep -q 'Ines Falk' "$tmp/out"
check 'the installed programs index and find' $? "$tmp/out"

make -s uninstall "B=$B" "DESTDIR=$tmp/dest" PREFIX=/opt/weft >"$tmp/out" 2>&1
check 'make uninstall succeeds' $? "$tmp/out"
find "$tmp/dest" ! -type d >"$tmp/left"
[ ! -s "$tmp/left" ]
check 'and leaves no file' $? "$tmp/left"
