#!/bin/sh
# demo.sh - index corpus/, start the daemon on a socket of its own, ask it two questions, stop it.
#
# Reads the programs under $B (make demo builds them). Writes only under $B: the index stays at $B/demo-index to play
# with, all else goes, also when a step fails or the user interrupts.
set -eu
B=${B:-build}
tmp=$(mktemp -d "$B/demo.XXXXXX")
daemon=

finish() {
    status=$?
    trap - EXIT INT TERM HUP
    if [ -n "$daemon" ]; then
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    rm -rf "$tmp"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say() {
    echo "\$ $*"
}

# The daemon's log is a pipe: reading it until it says that it listens needs no waiting for luck.
start_daemon() {
    mkfifo "$tmp/log"
    say "weft-searchd -i $B/demo-index --listen $server &"
    "$B/weft-searchd" -i "$B/demo-index" --listen "$server" 2>"$tmp/log" &
    daemon=$!
    exec 3<"$tmp/log"
    while IFS= read -r line <&3; do
        case $line in
        *event=listening*) return 0 ;;
        *) printf '%s\n' "$line" >&2 ;;
        esac
    done
    echo "demo: weft-searchd ended before it was ready" >&2
    return 1
}

ask() {
    echo
    say "weft search -s $server --limit 3 '$1'"
    "$B/weft" search -s "$server" --limit 3 "$1"
}

server=unix:$tmp/weft.sock
say "weft-indexer build -i $B/demo-index corpus/*.ndjson corpus/*.txt"
"$B/weft-indexer" build -i "$B/demo-index" corpus/*.ndjson corpus/*.txt
start_daemon

# The words stand in three places: dredging in the headline, permit in the comment answered, mussels in the hit.
ask 'dredging mussels permit'
# The words of the one who said them; the reply that only quotes them is no hit.
ask '"the clock was never wrong"'

echo
echo "The daemon is stopped. Ask more without one: $B/weft search -i $B/demo-index WORDS"
