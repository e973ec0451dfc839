#!/usr/bin/perl
# mappings.t - the mappings that come with the program: what they make of real files, and of each trap of their formats.
use strict;
use warnings;
use utf8;
use lib 'tests/cli';
use Test::More;
use Records;
binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output todo_output);

# ---- real files: counts as in the README beside them, by formats that the content alone tells ----
my @columns = qw(articles comments threads depth orphans twice deleted nameless);
my @real = (
    # README: 199 comments, depth 10, 22 by "[deleted]"; of those, 4 say "[deleted]" and 1 "[removed]"
    ['reddit-json/graw-thread.json', 1, 199, 1, 10, 0, 0, 5, 22],
    ['reddit-json/praw-skip_at_limit.json', 1, 476, 1, 10, 0, 0, 6, 16],
    ['reddit-json/praw-all_with_comment_sort.json', 1, 470, 1, 10, 0, 0, 7, 22],
    ['reddit-ndjson/RC_graw.ndjson', 0, 199, 1, 10, 0, 0, 5, 22],
    ['reddit-ndjson/RS_graw.ndjson', 1, 0, 0, 0, 0, 0, 0, 0],
    ['hn-json/hn-api-examples.ndjson', 4, 2, 2, 1, 0, 0, 0, 0],
    ['hn-json/hn-post-flat.json', 0, 254, 1, 11, 0, 0, 0, 0],
    ['remark42-json/tree.json', 1, 12, 1, 3, 0, 0, 0, 12],
    ['remark42-json/tree_bench.json', 1, 58, 1, 4, 0, 0, 0, 0],
    ['remark42-json/tree_del.json', 1, 9, 1, 4, 0, 0, 1, 9],
    ['remark42-json/native-backup-v1.ndjson', 2, 2, 2, 1, 1, 0, 0, 0],
    ['commento-json/commento.json', 2, 3, 2, 2, 0, 0, 0, 1],
    ['isso-json/generic.json', 2, 2, 2, 1, 0, 0, 0, 0],
);
for my $row (@real) {
    my ($file, @want) = @$row;
    SKIP: {
        my $path = shared_file($file) // skip("$file is not here (WEFT_SHARED)", 2);
        my $run = converted($path);
        my %figures = %{figures($run)};
        is($run->{status}, 0, "$file is read");
        is("@figures{@columns}", "@want", "... @columns");
    }
}
done_testing();
