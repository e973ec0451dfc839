#!/usr/bin/perl
# limits.t - doc/limits.md has one row for each constant of weft/limits.h, with its value and a test that exists.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

my ($header, $table) = ('include/weft/limits.h', 'doc/limits.md');
skip_all("no $header") unless -f $header;

my %value;
my $code = bare_code(slurp($header));
while ($code =~ /\b(WEFT_\w+)\s*=\s*([\d\s*()+]+)/g) {
    my ($name, $sum) = ($1, $2);
    $value{$name} = eval $sum;    ## no critic: digits and operators only
}
my (%row, @twice);
for my $line (split /\n/, slurp($table)) {
    my ($name) = $line =~ /^\|\s*`(WEFT_\w+)`\s*\|/ or next;
    push @twice, $name if $row{$name};
    $row{$name} = [map { s/^\s+|\s+$//gr } split /\|/, $line =~ s/^\|//r];
}
my (@values, @tests);
for my $name (sort grep { $row{$_} && defined $value{$_} } keys %value) {
    (my $shown = $row{$name}[1] // '') =~ tr/,//d;
    push @values, "$name is $value{$name}, the table says $row{$name}[1]" if $shown ne $value{$name};
    my @named = ($row{$name}[5] // '') =~ m{`(tests/[^`]+)`}g;
    push @tests, "$name names no test" if !@named;
    push @tests, map { "$name: no $_" } grep { !-f $_ } @named;
}
plan(4);
rule('every constant has a row', sort grep { !$row{$_} } keys %value);
rule('every row has a constant, once', (sort grep { !defined $value{$_} } keys %row), @twice);
rule('the values agree', @values);
rule('the tests named exist', @tests);
