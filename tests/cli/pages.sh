# pages.sh - what the tests of page readers share: sourced after client.sh, never run.
# shellcheck shell=sh disable=SC2034,SC2154 # the variables are the tests'
indexer=${B:-build}/weft-indexer
data=${WEFT_SHARED:-../shared}/data

# outline: number, depth, number of the parent, author and date to the minute of each comment of the NDJSON on standard input.
outline() {
    jq -rs '[.[] | select(.type == "comment")] as $c
        | ($c | to_entries | map({key: .value.id, value: .key}) | from_entries) as $at
        | def depth: if .parent then ($c[$at[.parent]] | depth) + 1 else 0 end;
        $c | to_entries[] | .key as $n | .value
        | [$n + 1, depth, (if .parent then $at[.parent] + 1 else "-" end), .author, (.date // "-")[:16]]
        | map(tostring) | join("\t")'
}

# has FILE: whether the file is there; a skip when it is not.
has() {
    [ -r "$1" ] && return 0
    tests=$((tests + 1))
    echo "ok $tests # skip no $1: set WEFT_SHARED"
    return 1
}

# counts FILE WHAT: WHAT is "comments replies without-author without-date without-body" of the last run.
counts() {
    jq -rs '[.[] | select(.type == "comment")]
        | [length, (map(select(.parent)) | length), (map(select(.author | not)) | length),
           (map(select(.date | not)) | length), (map(select(.body | not)) | length)] | map(tostring) | join(" ")' "$dir/out" >"$dir/counted"
    [ "$(cat "$dir/counted")" = "$2" ]
    report "$1: $2 ($(cat "$dir/counted"))" $?
}
