#!/usr/bin/perl
# prototypes.t - every public function that can fail says how, in its comment, and its result must be looked at.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

my (@silent, @unchecked);
for my $file (tracked(qr{^include/weft/.*\.h$})) {
    next if $file =~ m{/error\.h$};    # there codes are made and named, nothing fails
    my $text = slurp($file);
    # A type of callback may stand between the comment and its function.
    while ($text =~ m{(/\*\*(?:(?!\*/).)*\*/)?\s*(?:^typedef[^;]*;\s*)?^weft_code\s+(\w+)\s*\(([^;]*);}gsm) {
        my ($comment, $name, $rest, $at) = ($1 // '', $2, $3, line_of($text, $-[2]));
        push @silent, "$file:$at: $name" if $comment !~ /Errors:/;
        push @unchecked, "$file:$at: $name" if $rest !~ /weft_must_check|warn_unused_result/;
    }
}
plan(2);
rule('functions that return weft_code have a comment with Errors:', @silent);
rule('functions that return weft_code are weft_must_check', @unchecked);
