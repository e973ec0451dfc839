#!/usr/bin/perl
# format.t - every C and C++ file is laid out as clang-format-14 would.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

skip_all('clang-format-14 is not installed') unless have('clang-format-14');
my @files = tracked(qr/\.(?:c|h|cc|hh)$/);
plan(1);
my @bad;
while (my @some = splice @files, 0, 50) {
    open(my $pipe, '-|', 'sh', '-c', 'clang-format-14 --dry-run -Werror "$@" 2>&1', 'sh', @some) or die "$!\n";
    push @bad, map { /^(\S+?:\d+):\d+: error/ ? $1 : () } <$pipe>;
    close $pipe;
    push @bad, "clang-format-14 failed on one of @some" if $? != 0 && !@bad;
}
my (%lines, %seen, @order);
for (grep { !$seen{$_}++ } @bad) {
    my ($file, $line) = /^(.*):(\d+)$/ ? ($1, $2) : ($_, '');
    push @order, $file unless $lines{$file};
    push @{$lines{$file}}, $line;
}
rule('make format would change nothing', map { "$_: lines @{$lines{$_}}" } @order);
