#!/usr/bin/perl
# shell.t - shellcheck has nothing to say about any shell script.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

skip_all('shellcheck is not installed') unless have('shellcheck');
my @scripts = grep { slurp($_) =~ m{\A#!.*\b(?:sh|bash|dash)\b} } tracked(qr{(?:\.(?:sh|t)|^\.ci/[^/]+)$});
plan(scalar @scripts);
for my $script (@scripts) {
    my @said = `shellcheck -f gcc -x '$script' 2>&1`;
    rule($script, map { s/\n//r } @said);
}
