# client.sh - what the tests of weft share: sourced, never run. Counts and prints TAP.
# shellcheck shell=sh disable=SC2034 # the variables are the tests'
weft=${B:-build}/weft
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
replies=$dir/replies
unset WEFT_SERVER WEFT_INDEX NO_COLOR
tests=0

# report NAME STATUS: one TAP line; on failure what the program printed.
report() {
    tests=$((tests + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $tests - $1"
        return
    fi
    echo "not ok $tests - $1"
    sed 's/^/# out: /' "$dir/out"
    sed 's/^/# err: /' "$dir/err"
}

done_testing() { echo "1..$tests"; }

# run COMMAND...: its exit status in $status, its output in $dir/out and $dir/err.
run() {
    status=0
    "$@" >"$dir/out" 2>"$dir/err" </dev/null || status=$?
}

# ask COMMAND...: run it against a server that answers what stands in $replies; the requests in $dir/requests.
ask() { run perl tests/daemon/fake_server.pl --log "$dir/requests" "$replies" "$@"; }

# without_figures FILE...: what build and add print, without the summaries of single inputs.
without_figures() { sed -i -E '/: read [0-9]+: loaded /d; /: [0-9]+ articles?, [0-9]+ comments?/d; /: (skipped|refused): [0-9]/d' "$@"; }

exits() {
    [ "$status" -eq "$2" ]
    report "$1: exit status $2 ($status)" $?
}

# prints NAME: $dir/out is the standard input, to the byte.
prints() {
    cat >"$dir/want"
    diff "$dir/want" "$dir/out" >"$dir/diff"
    report "$1" $?
}

# says NAME TEXT: the text stands in $dir/err.
says() {
    grep -qF -e "$2" "$dir/err"
    report "$1" $?
}

# asked NAME JSON: the first request was this.
asked() {
    [ "$(head -n 1 "$dir/requests")" = "$2" ]
    report "$1" $?
}
