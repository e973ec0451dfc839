#!/bin/sh
# -i DIR: weft runs the weft-searchd beside it, speaks over its standard input and output, and shows what it complains
# about only when it failed.
# shellcheck disable=SC1091,SC2034,SC2154 # what client.sh sets and reads
. tests/cli/client.sh

mkdir "$dir/bin" "$dir/path"
cp "$weft" "$dir/bin/weft"
own=$dir/bin/weft

# as PLACE SCRIPT: a weft-searchd of our own there.
as() {
    printf '#!/bin/sh\n%s\n' "$2" >"$dir/$1/weft-searchd"
    chmod +x "$dir/$1/weft-searchd"
}
export dir

# shellcheck disable=SC2016 # the scripts' own variables
as bin 'echo "$*" >"$dir/arguments"; echo "level=info event=listening" >&2; echo "level=error event=odd" >&2
read -r request; echo "$request" >"$dir/requests"
echo "{\"ok\":true,\"revision\":7}"; cat >"$dir/rest"; echo ended >"$dir/ended"'
run "$own" status -i "some dir"
exits "an answer of the child" 0
prints "the child's reply is shown" <<'EOF'
revision: 7
EOF
[ "$(cat "$dir/arguments")" = "--stdio -i some dir" ]
report "the child is told the index" $?
asked "and the request" '{"cmd":"status"}'
[ ! -s "$dir/err" ]
report "after success its standard error is not shown" $?
[ "$(cat "$dir/ended")" = ended ] && [ ! -s "$dir/rest" ]
report "its input ends, and weft waits for its end" $?
run env WEFT_INDEX="some dir" "$own" status
exits "WEFT_INDEX" 0
run "$own" -i "some dir" status
exits "-i before the command" 0

# shellcheck disable=SC2016
as bin 'echo "level=info event=start" >&2; echo "weft-searchd: no index at '\''$3'\'': run weft-indexer build" >&2; exit 3'
run "$own" search -i gone a
exits "an index that is not there" 3
says "the child's complaint is shown" "weft-searchd: no index at 'gone': run weft-indexer build"
grep -q 'event=start' "$dir/err"
[ $? -eq 1 ]
report "what it only informed about is not" $?

as bin 'kill -9 $$'
run "$own" search -i gone a
exits "a child that is killed" 3
says "a child that is killed" "hung up before it answered"

# Without one beside it, PATH is looked at.
rm "$dir/bin/weft-searchd"
# shellcheck disable=SC2016
as path 'read -r request; echo "{\"ok\":true,\"found\":\"in PATH\"}"'
run env PATH="$dir/path:$PATH" "$own" status -i x
exits "weft-searchd of PATH" 0
prints "weft-searchd of PATH" <<'EOF'
found: in PATH
EOF
run env PATH=/nonexistent "$own" status -i x
exits "no weft-searchd" 3
says "no weft-searchd" "start weft-searchd (beside weft, then in PATH): No such file or directory"
done_testing
