#!/bin/sh
# demo.t - the demonstration shows both questions and their hits, and leaves nothing behind, also when it fails.
set -u
B=${B:-build}
n=0
echo 1..9

check() { # NAME STATUS [FILE shown on failure]
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        [ -z "${3:-}" ] || sed 's/^/# /' "$3"
    fi
}

has() { # NAME TEXT FILE
    grep -qF -- "$2" "$3"
    check "$1" $? "$3"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# A B of its own: the demo of somebody else at work is none of this test's business.
mkdir "$tmp/b"
for program in weft-indexer weft-searchd weft; do
    ln -s "$(cd "$B" && pwd)/$program" "$tmp/b/$program"
done
before=$(git status --porcelain 2>/dev/null)
B=$tmp/b sh tests/demo.sh >"$tmp/out" 2>&1
check 'it succeeds' $? "$tmp/out"
sed '/the clock was never wrong/,$d' "$tmp/out" >"$tmp/first"
sed '1,/the clock was never wrong/d' "$tmp/out" >"$tmp/second"
has 'the first question finds words of headline, parent and comment' 'Dr. Ines Falk' "$tmp/first"
has 'its headline stands above it' 'Harbour dredging starts in March after two winters of silt' "$tmp/first"
has 'and the comment it answers' 'K. Aldous' "$tmp/first"
has 'the second finds the one who said it' 'Old Marten' "$tmp/second"
ls "$tmp/b" >"$tmp/left"
! grep -v -x -e weft -e weft-indexer -e weft-searchd -e demo-index "$tmp/left" >/dev/null
check 'nothing but the index is left under B' $? "$tmp/left"
[ "$before" = "$(git status --porcelain 2>/dev/null)" ]
check 'and nothing in the tree' $?

# A client that fails: the daemon must be stopped and the directory gone all the same.
mkdir "$tmp/fake"
printf '#!/bin/sh\nexit 0\n' >"$tmp/fake/weft-indexer"
printf '#!/bin/sh\nexit 3\n' >"$tmp/fake/weft"
# shellcheck disable=SC2016 # the text of a script
printf '#!/bin/sh\necho $$ >%s/pid\necho level=info event=listening >&2\nexec tail -f /dev/null\n' "$tmp" >"$tmp/fake/weft-searchd"
chmod +x "$tmp/fake/"*
B=$tmp/fake sh tests/demo.sh >"$tmp/out" 2>&1
[ $? -eq 3 ]
check 'a failing step is the status of the demo' $? "$tmp/out"
! kill -0 "$(cat "$tmp/pid")" 2>/dev/null && ! ls -d "$tmp/fake/demo."* >/dev/null 2>&1
check 'and leaves no daemon and no directory' $? "$tmp/left"
