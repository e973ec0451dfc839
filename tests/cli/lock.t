#!/bin/sh
# One writer at a time: a second gives up at once or waits, a killed one leaves nothing, and readers never lock.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh
indexer=${B:-build}/weft-indexer
i=$dir/i
holder=
trap '[ -z "$holder" ] || kill -9 "$holder" 2>"$dir/killed"; rm -rf "$dir"' EXIT

echo '{"type":"article","id":"a1","title":"Bridge"}' >"$dir/one"
echo '{"type":"article","id":"a2","title":"Ferry"}' >"$dir/two"
"$indexer" build -q -i "$i" "$dir/one"
mkfifo "$dir/pipe"

# hold: a writer that has the lock and waits for its input, at descriptor 3. It reads the pipe only when it has the lock.
hold() {
    "$indexer" add -q -i "$i" - <"$dir/pipe" &
    holder=$!
    exec 3>"$dir/pipe"
    # It holds the lock once its number stands there.
    while kill -0 "$holder" && [ "$(cat "$i/lock")" != "$holder" ]; do :; done
}

# ends NAME: the holder ends well.
ends() {
    wait "$holder"
    report "$1" $?
    holder=
}

hold
for command in "add $dir/two" "build $dir/two" "delete article:a1" "verify --fix $dir/one"; do
    # shellcheck disable=SC2086 # a command and its argument
    run "$indexer" $command -i "$i" 3>&-
    exits "a second writer: ${command%% *}" 3
    says "${command%% *}: names the first" "weft-indexer: $i: is being written by process $holder: wait for it, or use --wait"
done
for command in stats export verify; do
    run "$indexer" "$command" -i "$i" 3>&-
    exits "$command does not lock" 0
done
run "$weft" search -i "$i" bridge 3>&-
exits "nor does a search" 0
kill -0 "$holder"
report "all the while the first writes" $?

# One that waits, and ends after the first.
"$indexer" add -i "$i" --wait "$dir/two" >"$dir/waited" 3>&- &
waiting=$!
# It waits once the system has it in the queue of the lock, below that of the holder.
tries=0
until [ "$tries" -eq 5000 ] || grep -q -e "-> POSIX .* $waiting " /proc/locks; do tries=$((tries + 1)); done
[ "$tries" -lt 5000 ]
report "--wait waits" $?
cat "$dir/one" >&3
exec 3>&-
ends "the first ends"
wait "$waiting"
report "--wait ends well" $?
without_figures "$dir/waited"
echo "1 added, 0 changed, 0 same, 0 deleted, 0 refused (revision 2)" | diff - "$dir/waited" >"$dir/diff"
report "and has written" $?

# kill -9 of the holder.
hold
echo '{"type":"article","id":"a3","title":"Half"}' >&3
kill -9 "$holder"
wait "$holder" 2>"$dir/log"
exec 3>&-
holder=
run "$indexer" add -i "$i" "$dir/two"
exits "after kill -9 the next writes at once" 0
without_figures "$dir/out"
prints "and finds the index as it was" <<'EOF'
0 added, 0 changed, 1 same, 0 deleted, 0 refused (revision 2)
EOF

# Readers that cannot write the directory at all still read it.
if [ "$(id -u)" -eq 0 ]; then
    run setpriv --reuid=65534 --clear-groups true
    [ "$status" -eq 0 ] && as="setpriv --reuid=65534 --clear-groups"
fi
if [ "$(id -u)" -eq 0 ] && [ -z "${as:-}" ]; then
    echo "ok $((tests += 1)) # skip no other user to read as"
else
    cp "$weft" "${weft%/*}/weft-searchd" "$indexer" "$dir"
    chmod 755 "$dir"
    chmod -R a+rX,a-w "$i"
    # shellcheck disable=SC2086 # a command and its arguments
    run ${as:-} "$dir/weft" search -i "$i" bridge
    exits "a reader without leave to write" 0
    # shellcheck disable=SC2086
    run ${as:-} "$dir/weft-indexer" export -i "$i"
    exits "export without leave to write" 0
    # shellcheck disable=SC2086
    run ${as:-} "$dir/weft-indexer" add -i "$i" "$dir/two"
    exits "a writer without it" 4
    says "is told which file" "$i/lock: Permission denied"
    chmod -R u+w "$i"
fi
done_testing
